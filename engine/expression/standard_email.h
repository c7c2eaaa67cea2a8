// E-mail addresses in one form.
//
//   StandardEmail(" Ann.Lee@BÜCHER.example ", &out, &wanted)    // Ann.Lee@xn--bcher-kva.example
//   CanonicalEmail("A.Lee+shop@googlemail.com", &out, &wanted)  // alee@gmail.com
//
// Thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_EMAIL_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_EMAIL_H_

#include <string>
#include <string_view>

namespace burgeon {

// Without blanks around it, the domain in lower case and in ASCII (UTS 46, non-transitional). The
// part before the @ stays as it is: only its provider knows whether case matters there (RFC 5321,
// section 2.4). Wanted is a dot-atom (RFC 5322, section 3.2.3; beyond ASCII RFC 6531) of at most
// 64 bytes, a domain of at least two labels, and at most 254 bytes in all. Quoted local parts and
// addresses of IP literals are refused: persons have none. False fills *wanted.
bool StandardEmail(std::string_view text, std::string* out, std::string* wanted);

// The one mailbox behind several spellings, where the provider says so: Gmail ignores dots, what
// follows a + and case, and is also googlemail.com; Outlook, Hotmail, Live, iCloud, Fastmail and
// Proton ignore case and what follows a +. Others are as StandardEmail has them.
bool CanonicalEmail(std::string_view text, std::string* out, std::string* wanted);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_EMAIL_H_
