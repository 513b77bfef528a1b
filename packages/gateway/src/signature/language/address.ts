import { isIPv4 } from 'node:net'
import { AddressWords } from '../../lanes/address-words.ts'

/** An address as 16 bytes, an IPv4 one mapped into IPv6 (RFC 4291, section 2.5.5.2); null where the text is none. */
export function addressBytes(text: string): Uint8Array | null {
  const address = new AddressWords()
  if (text.includes('%') || !address.read(text)) return null
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  for (const [index, word] of address.words.entries()) view.setUint32(index * 4, word)
  return bytes
}

/** The first and the last address of `a`, `a/bits` or `a-b`; null where the text is none of these. */
export function addressRange(text: string): readonly [Uint8Array, Uint8Array] | null {
  const dash = text.indexOf('-')
  if (dash > 0) {
    const first = addressBytes(text.slice(0, dash))
    const last = addressBytes(text.slice(dash + 1))
    return first === null || last === null || compare(first, last) > 0 ? null : [first, last]
  }
  const [address, bits, ...more] = text.split('/')
  const base = addressBytes(address)
  if (base === null || more.length > 0) return null
  if (bits === undefined) return [base, base]
  const offset = isIPv4(address) ? 96 : 0
  if (!/^\d{1,3}$/.test(bits) || Number(bits) + offset > 128) return null
  return masked(base, Number(bits) + offset)
}

function masked(base: Uint8Array, bits: number): readonly [Uint8Array, Uint8Array] {
  const first = base.slice()
  const last = base.slice()
  for (let bit = bits; bit < 128; bit++) {
    first[bit >> 3] &= ~(0x80 >> (bit & 7))
    last[bit >> 3] |= 0x80 >> (bit & 7)
  }
  return [first, last]
}

export function within(address: Uint8Array, [first, last]: readonly [Uint8Array, Uint8Array]): boolean {
  return compare(first, address) <= 0 && compare(address, last) <= 0
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}
