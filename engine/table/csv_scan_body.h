// The body of both passes of csv_scan.h, compiled once an instruction set: csv_scan.cc includes
// this file in one namespace each, where it has defined
//
//   BURGEON_SCAN_TARGET                      the instruction set, as a function attribute
//   struct Block                             64 bytes: Load(p), Equal(c), NulOrNotAscii()
//   PrefixXor(mask), BitCount(mask)
//   Spread(mask, base, out)                  base + place of each set bit; may write 64 behind
//   SpreadRanks(of, within, base, out)       base + rank within `within` of each set bit of `of`
//
// so there is no include guard. Bit i of a mask stands for byte i.

struct BlockMasks {
  uint64_t quotes;
  uint64_t returns;
  uint64_t newlines;
  uint64_t delimiters;
};

BURGEON_SCAN_TARGET static inline BlockMasks MasksOf(const Block& block, char delimiter,
                                                     uint64_t valid) {
  return {block.Equal('"') & valid, block.Equal('\r') & valid, block.Equal('\n') & valid,
          block.Equal(delimiter) & valid};
}

// Loads the last `bytes` (fewer than 64) of a text.
BURGEON_SCAN_TARGET static inline Block LoadRest(const char* at, size_t bytes) {
  alignas(64) char rest[64];
  std::memset(rest, ' ', sizeof(rest));
  std::memcpy(rest, at, bytes);
  return Block::Load(rest);
}

// The last line end of a "\r\n" is that of both: its "\n" is dropped from the line ends.
BURGEON_SCAN_TARGET static inline uint64_t LineEnds(const BlockMasks& masks, uint64_t* carry) {
  const uint64_t after_return = (masks.returns << 1) | *carry;
  *carry = masks.returns >> 63;
  return masks.returns | (masks.newlines & ~after_return);
}

BURGEON_SCAN_TARGET static void FindRowEnds(std::string_view bytes, size_t from, char delimiter,
                                            RowEndScan* scan) {
  uint64_t return_carry = scan->after_return ? 1 : 0;
  uint64_t boundary_carry = scan->after_boundary ? 1 : 0;
  uint64_t inside_carry = scan->in_quotes ? ~uint64_t{0} : 0;
  uint64_t irregular = 0;
  int64_t line_ends = 0;
  size_t last_block = 0;
  uint64_t last_ends = 0;
  const auto look = [&](size_t at, const Block& block, uint64_t valid,
                        size_t last) BURGEON_SCAN_TARGET BURGEON_SCAN_INLINE {
    const BlockMasks masks = MasksOf(block, delimiter, valid);
    line_ends += BitCount(LineEnds(masks, &return_carry));
    const uint64_t inside = PrefixXor(masks.quotes) ^ inside_carry;
    inside_carry = static_cast<uint64_t>(-static_cast<int64_t>(inside >> last & 1));
    const uint64_t breaks = masks.returns | masks.newlines;
    const uint64_t boundaries = breaks | masks.quotes | masks.delimiters;
    irregular |= masks.quotes & inside & ~((boundaries << 1) | boundary_carry);
    boundary_carry = boundaries >> last & 1;
    return_carry = masks.returns >> last & 1;
    const uint64_t ends = breaks & ~inside;
    if (ends != 0) {
      last_block = at;
      last_ends = ends;
    }
  };
  size_t at = from;
  for (; at + 64 <= bytes.size(); at += 64)
    look(at, Block::Load(bytes.data() + at), ~uint64_t{0}, 63);
  if (const size_t rest = bytes.size() - at; rest > 0) {
    look(at, LoadRest(bytes.data() + at, rest), (uint64_t{1} << rest) - 1, rest - 1);
  }
  scan->after_return = return_carry != 0;
  scan->after_boundary = boundary_carry != 0;
  scan->in_quotes = inside_carry != 0;
  scan->irregular |= irregular != 0;
  scan->line_ends += line_ends;
  if (last_ends != 0) {
    scan->row_end = last_block + 64 - static_cast<size_t>(__builtin_clzll(last_ends));
  }
}

BURGEON_SCAN_TARGET static int64_t CountLineEnds(std::string_view bytes) {
  uint64_t carry = 0;
  int64_t count = 0;
  size_t at = 0;
  for (; at + 64 <= bytes.size(); at += 64) {
    const Block block = Block::Load(bytes.data() + at);
    count += BitCount(LineEnds({0, block.Equal('\r'), block.Equal('\n'), 0}, &carry));
  }
  const Block block = LoadRest(bytes.data() + at, bytes.size() - at);
  return count + BitCount(LineEnds({0, block.Equal('\r'), block.Equal('\n'), 0}, &carry));
}

BURGEON_SCAN_TARGET static void IndexFields(std::string_view piece, char delimiter,
                                            FieldIndex* index) {
  uint32_t* const ends = index->ends.get();
  uint32_t* const row_lasts = index->row_lasts.get();
  size_t end_count = 0;
  size_t row_count = 0;
  uint64_t return_carry = 0;
  uint64_t inside_carry = 0;
  uint64_t quote_carry = 0;
  uint32_t* pairs_out = index->pairs.get();
  uint64_t any_quote = 0;
  uint64_t any_return = 0;
  uint64_t any_quoted_line_end = 0;
  uint64_t any_odd = 0;
  const auto look = [&](size_t at, const Block& block,
                        uint64_t valid) BURGEON_SCAN_TARGET BURGEON_SCAN_INLINE {
    const BlockMasks masks = MasksOf(block, delimiter, valid);
    const uint64_t inside = PrefixXor(masks.quotes) ^ inside_carry;
    inside_carry = static_cast<uint64_t>(-static_cast<int64_t>(inside >> 63));
    const uint64_t line_ends = LineEnds(masks, &return_carry);
    const uint64_t row_ends = line_ends & ~inside;
    const uint64_t field_ends = (masks.delimiters & ~inside) | row_ends;
    Spread(field_ends, static_cast<uint32_t>(at), ends + end_count);
    SpreadRanks(row_ends, field_ends, static_cast<uint32_t>(end_count), row_lasts + row_count);
    // An opening quote right behind a closing one: a pair.
    const uint64_t pairs = masks.quotes & inside & ((masks.quotes << 1) | quote_carry);
    quote_carry = masks.quotes >> 63;
    if (pairs != 0) {
      Spread(pairs, static_cast<uint32_t>(at), pairs_out);
      pairs_out += BitCount(pairs);
    }
    end_count += static_cast<size_t>(BitCount(field_ends));
    row_count += static_cast<size_t>(BitCount(row_ends));
    any_quote |= masks.quotes;
    any_return |= masks.returns;
    any_quoted_line_end |= line_ends & inside;
    any_odd |= block.NulOrNotAscii();
  };
  size_t at = 0;
  for (; at + 64 <= piece.size(); at += 64) look(at, Block::Load(piece.data() + at), ~uint64_t{0});
  if (const size_t rest = piece.size() - at; rest > 0) {
    look(at, LoadRest(piece.data() + at, rest), (uint64_t{1} << rest) - 1);
  }
  index->end_count = end_count;
  index->pair_count = static_cast<size_t>(pairs_out - index->pairs.get());
  index->row_count = row_count;
  index->quotes = any_quote != 0;
  index->returns = any_return != 0;
  index->quoted_line_ends = any_quoted_line_end != 0;
  index->nul_or_not_ascii = any_odd != 0;
}
