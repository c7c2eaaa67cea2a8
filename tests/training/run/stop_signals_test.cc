#include "training/run/stop_signals.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace burgeon {
namespace {

TEST(StopSignalsTest, EitherSignalSetsTheFlagOnce) {
  for (const int number : {SIGINT, SIGTERM}) {
    const StopSignals signals;
    EXPECT_FALSE(signals.stop()->requested());
    ASSERT_EQ(raise(number), 0);
    EXPECT_TRUE(signals.stop()->requested());
  }
}

TEST(StopSignalsTest, WhatWasThereBeforeComesBack) {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before = {};
  ASSERT_EQ(sigaction(SIGTERM, &ignore, &before), 0);
  { const StopSignals signals; }
  struct sigaction now = {};
  ASSERT_EQ(sigaction(SIGTERM, &before, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_IGN);
}

TEST(StopSignalsTest, ASecondSignalEndsTheProcess) {
  const pid_t child = fork();
  if (child == 0) {
    const StopSignals signals;
    raise(SIGINT);
    if (!signals.stop()->requested()) _exit(3);
    raise(SIGINT);
    _exit(4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

}  // namespace
}  // namespace burgeon
