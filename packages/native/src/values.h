/* What calls from JavaScript have in common. */
#ifndef RINGWALL_VALUES_H
#define RINGWALL_VALUES_H
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

static napi_value fail(napi_env env, const char *why) {
  napi_throw_range_error(env, NULL, why);
  return NULL;
}

/* The bytes of a Uint8Array. */
static bool bytes_of(napi_env env, napi_value value, uint8_t **bytes, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) return false;
  *bytes = data;
  return true;
}
#endif
