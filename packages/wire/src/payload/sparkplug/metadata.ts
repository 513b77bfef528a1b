import type { Proto } from './proto.ts'

/** Reads the MetaData that ends at `end` (section 6.4.7). */
export function readMetaData(proto: Proto, end: number): boolean {
  let seen = 0
  while (proto.at < end) {
    if (!proto.tag(end)) return false
    if (proto.field > 8) return proto.unknown('a MetaData')
    seen = proto.once(seen, 'a MetaData')
    if (seen < 0 || !readField(proto, end)) return false
  }
  return true
}

function readField(proto: Proto, end: number): boolean {
  if (proto.field === 1) return proto.bool(end)
  return proto.field === 3 || proto.field === 4 ? proto.uint64(end) : proto.text(end)
}
