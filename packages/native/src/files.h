/*
 * Writes many files, and all of them durably at the price of a few: each is written into the kernel's memory and its way to the disk begun, before the first is waited
 * for. One file system transaction then holds them all, where a sync of each by itself makes one for each.
 */
#ifndef RINGWALL_FILES_H
#define RINGWALL_FILES_H
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files that are open at once: few beside what a process may open. */
enum { MOST_OPEN = 64 };

typedef struct {
  char *path;
  const uint8_t *bytes;
  size_t length;
} File;

/* 0, or the error. */
static int write_whole(int file, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    const ssize_t written = write(file, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

/* A file that is there is not emptied before it is written: it may be one that is written again, with the same bytes, and is read meanwhile. */
static int cut_longer(int file, size_t length) {
  struct stat found;
  if (fstat(file, &found) != 0) return errno;
  return (size_t)found.st_size > length && ftruncate(file, (off_t)length) != 0 ? errno : 0;
}

/* Writes `count` files, MOST_OPEN at most. 0, or the first error. */
static int write_some(const File *files, size_t count) {
  int open_files[MOST_OPEN];
  int error = 0;
  size_t opened = 0;
  for (; opened < count && error == 0; opened++) {
    const int file = open(files[opened].path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
      error = errno;
      break;
    }
    open_files[opened] = file;
    error = cut_longer(file, files[opened].length);
    if (error == 0) error = write_whole(file, files[opened].bytes, files[opened].length);
    /* It only hurries: what is not begun is done by the sync. */
    sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
  }
  for (size_t i = 0; i < opened; i++) {
    if (error == 0 && fdatasync(open_files[i]) != 0) error = errno;
    if (close(open_files[i]) != 0 && error == 0 && errno != EINTR) error = errno;
  }
  return error;
}

/* Writes files; they are on the disk when it returns 0, their names when their folders are synced. Else the first error: any of them may be there, or in part. */
static int write_files(const File *files, size_t count) {
  int error = 0;
  for (size_t at = 0; at < count && error == 0; at += MOST_OPEN) {
    const size_t left = count - at;
    error = write_some(files + at, left < MOST_OPEN ? left : MOST_OPEN);
  }
  return error;
}
#endif
