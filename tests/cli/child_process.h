// The real program as a child process: for what only a process can show (signals, restarts, kill,
// exit codes).
#ifndef BURGEON_TESTS_CLI_CHILD_PROCESS_H_
#define BURGEON_TESTS_CLI_CHILD_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace burgeon {

// The program under test; BURGEON_BINARY is set by ctest.
inline std::string BurgeonBinary() {
  const char* path = std::getenv("BURGEON_BINARY");
  return path != nullptr ? path : "";
}

class ChildProcess {
 public:
  // Starts the program; its standard error can be read line by line, standard output is dropped.
  explicit ChildProcess(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), BurgeonBinary());
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDERR_FILENO);
      const int null = open("/dev/null", O_WRONLY);
      dup2(null, STDOUT_FILENO);
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[1]);
    read_end_ = ends[0];
  }
  ~ChildProcess() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      Wait();
    }
    close(read_end_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of standard error, or "" at its end.
  std::string ReadLine() {
    std::string line;
    char byte = 0;
    while (read(read_end_, &byte, 1) == 1) {
      if (byte == '\n') return line;
      line += byte;
    }
    return line;
  }
  // Reads on until a line holds `text`; "" when the output ends before.
  std::string ReadUntil(const std::string& text) {
    for (;;) {
      const std::string line = ReadLine();
      if (line.empty() || line.find(text) != std::string::npos) return line;
    }
  }

  void Signal(int number) { kill(pid_, number); }

  // The exit code, or 128 + the signal that ended it.
  int Wait() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  int read_end_ = -1;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_CLI_CHILD_PROCESS_H_
