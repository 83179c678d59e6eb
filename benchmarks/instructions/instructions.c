/*
 * A plugin for QEMU's user mode (7.2 and newer): how many instructions each thread has executed,
 * written down whenever a thread is about to read standard input or to write standard output. One
 * line each: "read" or "write", the thread's number, its instructions so far.
 *
 * A count does not depend on what else a machine does. It takes a compiler and no header: below is
 * the part of QEMU's plugin interface that is used.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))
#define SYSTEM_CALL_READ 0
#define SYSTEM_CALL_WRITE 1
#define MOST_THREADS 4096

struct qemu_plugin_tb;
typedef void (*on_translation)(uint64_t id, struct qemu_plugin_tb *block);
typedef void (*on_execution)(unsigned int thread, void *data);
typedef void (*on_system_call)(uint64_t id, unsigned int thread, int64_t number, uint64_t first,
                               uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, on_translation callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, on_execution callback,
                                          int flags, void *data);
void qemu_plugin_register_vcpu_syscall_cb(uint64_t id, on_system_call callback);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);

EXPORTED int qemu_plugin_version = 1;

/* Each in a cache line of its own: threads count at once. */
static struct { uint64_t executed, unused[7]; } threads[MOST_THREADS];
static FILE *out;

static void count(unsigned int thread, void *instructions) {
  threads[thread % MOST_THREADS].executed += (uintptr_t) instructions;
}

static void translated(uint64_t id, struct qemu_plugin_tb *block) {
  (void) id;
  uintptr_t instructions = qemu_plugin_tb_n_insns(block);
  qemu_plugin_register_vcpu_tb_exec_cb(block, count, 0, (void *) instructions);
}

static void called(uint64_t id, unsigned int thread, int64_t number, uint64_t first, uint64_t a,
                   uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g) {
  (void) id, (void) a, (void) b, (void) c, (void) d, (void) e, (void) f, (void) g;
  int reads = number == SYSTEM_CALL_READ && first == 0;
  int writes = number == SYSTEM_CALL_WRITE && first == 1;
  if (reads || writes) {
    fprintf(out, "%s %u %" PRIu64 "\n", reads ? "read" : "write", thread,
            threads[thread % MOST_THREADS].executed);
    fflush(out);
  }
}

/* Takes one argument, out=FILE. */
EXPORTED int qemu_plugin_install(uint64_t id, const void *info, int count_of_arguments, char **arguments) {
  (void) info;
  if (count_of_arguments != 1 || strncmp(arguments[0], "out=", 4) != 0) {
    fprintf(stderr, "instructions: expected out=FILE\n");
    return -1;
  }
  out = fopen(arguments[0] + 4, "w");
  if (out == NULL) {
    perror(arguments[0] + 4);
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_vcpu_syscall_cb(id, called);
  return 0;
}
