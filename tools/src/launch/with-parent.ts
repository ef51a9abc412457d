import { isMainThread } from 'node:worker_threads';

/*
 * Preloaded (`node --import`) into every process that the launcher starts: the launcher holds the other end of this
 * process's standard input, and the system closes that when the launcher ends, even by kill -9. Then this process
 * ends too, by its ordinary SIGTERM handler when it has one.
 */
const orphaned = (): void => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 10_000).unref();
};
// NOTE: threads are started with the same preloads, and their standard input ends at once.
if (isMainThread) {
  process.stdin.once('end', orphaned).once('error', orphaned).resume();
  // Listening alone must not keep a process alive that is done.
  if ('unref' in process.stdin) process.stdin.unref();
}
