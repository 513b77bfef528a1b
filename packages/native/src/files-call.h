/* writeFiles as JavaScript calls it: by a thread of the pool, whose end settles a promise. */
#ifndef RINGWALL_FILES_CALL_H
#define RINGWALL_FILES_CALL_H
#include "files.h"
#include "values.h"

typedef struct {
  napi_async_work work;
  napi_deferred deferred;
  /* Keeps the bytes where they are. */
  napi_ref contents;
  size_t count;
  int error;
  File files[];
} WriteCall;

static void free_call(napi_env env, WriteCall *call) {
  if (call->contents != NULL) napi_delete_reference(env, call->contents);
  if (call->work != NULL) napi_delete_async_work(env, call->work);
  for (size_t i = 0; i < call->count; i++) free(call->files[i].path);
  free(call);
}

static void run_call(napi_env env, void *data) {
  (void)env;
  WriteCall *call = data;
  call->error = write_files(call->files, call->count);
}

/* Resolves to 0 or the system's error. */
static void end_call(napi_env env, napi_status status, void *data) {
  WriteCall *call = data;
  napi_value error;
  if (napi_create_int32(env, status == napi_ok ? call->error : ECANCELED, &error) == napi_ok) napi_resolve_deferred(env, call->deferred, error);
  free_call(env, call);
}

static bool read_file(napi_env env, napi_value paths, napi_value contents, uint32_t i, File *file) {
  napi_value path, bytes;
  size_t length = 0;
  uint8_t *data = NULL;
  if (napi_get_element(env, paths, i, &path) != napi_ok || napi_get_element(env, contents, i, &bytes) != napi_ok) return false;
  if (napi_get_value_string_utf8(env, path, NULL, 0, &length) != napi_ok || !bytes_of(env, bytes, &data, &file->length)) return false;
  file->bytes = data;
  file->path = malloc(length + 1);
  return file->path != NULL && napi_get_value_string_utf8(env, path, file->path, length + 1, &length) == napi_ok;
}

/* writeFiles(paths: string[], contents: Uint8Array[]): Promise<number>. The arrays must stay as they are until it resolves. */
static napi_value write_files_call(napi_env env, napi_callback_info info) {
  napi_value given[2], name, promise;
  size_t given_count = 2;
  uint32_t count = 0, contents = 0;
  if (napi_get_cb_info(env, info, &given_count, given, NULL, NULL) != napi_ok || given_count < 2) return fail(env, "two arrays are needed");
  if (napi_get_array_length(env, given[0], &count) != napi_ok || napi_get_array_length(env, given[1], &contents) != napi_ok || count != contents)
    return fail(env, "two arrays of one length are needed");
  WriteCall *call = calloc(1, sizeof *call + count * sizeof(File));
  if (call == NULL) return fail(env, "there is no room");
  call->count = count;
  bool is_ready = true;
  for (uint32_t i = 0; i < count && is_ready; i++) is_ready = read_file(env, given[0], given[1], i, call->files + i);
  is_ready = is_ready && napi_create_reference(env, given[1], 1, &call->contents) == napi_ok &&
             napi_create_string_utf8(env, "ringwall files", NAPI_AUTO_LENGTH, &name) == napi_ok &&
             napi_create_async_work(env, NULL, name, run_call, end_call, call, &call->work) == napi_ok &&
             napi_create_promise(env, &call->deferred, &promise) == napi_ok;
  if (!is_ready) {
    free_call(env, call);
    return fail(env, "paths and bytes are needed");
  }
  if (napi_queue_async_work(env, call->work) == napi_ok) return promise;
  end_call(env, napi_cancelled, call);
  return promise;
}
#endif
