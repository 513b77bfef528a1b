/** Bits of an IPv6 address, and of one of IPv4 as IPv6 maps it (::ffff:0:0/96, RFC 4291, 2.5.5.2). */
const BITS = 128
const MAPPED_BITS = 96
const MAPPED = 0xffff
/** What one IPv6 host has to choose its addresses from. */
const HOST_BITS = 64
/** Groups of an IPv6 address. */
const GROUPS = 8

/**
 * An IP address as four 32-bit words, most significant first; IPv4 as `::ffff:a.b.c.d`, so that both families compare alike.
 * Reads its text by hand, since admission asks for every new connection and is to allocate nothing. One a reader, reused.
 */
export class AddressWords {
  readonly words = new Uint32Array(4)
  readonly #groups = new Uint16Array(GROUPS)

  /** Whether the last address was one of IPv4. */
  get isFour(): boolean {
    return this.words[0] === 0 && this.words[1] === 0 && this.words[2] === MAPPED
  }

  /** Reads an address in the text forms of RFC 4291, 2.2, a zone (`%eth0`) left aside. False where it is none. */
  read(text: string): boolean {
    const { length } = text
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code === COLON) return this.#six(text)
      if (code === DOT) return this.#four(text, 0, length)
    }
    return false
  }

  /** Keeps the first bits, counted in the form of 128 bits, and clears the others. */
  mask(bits: number): void {
    for (let i = 0; i < 4; i++) {
      const kept = bits - i * 32
      if (kept <= 0) this.words[i] = 0
      else if (kept < 32) this.words[i] = (this.words[i] & (-1 << (32 - kept))) >>> 0
    }
  }

  #four(text: string, start: number, end: number): boolean {
    let word = 0
    let octets = 0
    let value = -1
    for (let i = start; i <= end; i++) {
      const code = i === end ? DOT : text.charCodeAt(i)
      if (code === DOT) {
        if (value === -1 || octets === 4) return false
        word = ((word << 8) | value) >>> 0
        octets++
        value = -1
      } else {
        // A leading zero means octal to some readers: an address that two read differently is none.
        if (code < ZERO || code > NINE || value === 0) return false
        value = (value === -1 ? 0 : value * 10) + code - ZERO
        if (value > 255) return false
      }
    }
    if (octets !== 4) return false
    this.words[0] = 0
    this.words[1] = 0
    this.words[2] = MAPPED
    this.words[3] = word
    return true
  }

  #six(text: string): boolean {
    const groups = this.#groups
    const zone = text.indexOf('%')
    const end = zone === -1 ? text.length : zone
    let count = 0
    let gap = -1
    let i = 0
    if (text.charCodeAt(0) === COLON) {
      if (text.charCodeAt(1) !== COLON) return false
      gap = 0
      i = 2
    }
    while (i < end) {
      const start = i
      let value = 0
      let code = text.charCodeAt(i)
      while (i < end && code !== COLON && code !== DOT) {
        const digit = hex(code)
        if (digit === -1 || i - start === 4) return false
        value = value * 16 + digit
        code = text.charCodeAt(++i)
      }
      if (i < end && code === DOT) {
        if (count > GROUPS - 2 || !this.#four(text, start, end)) return false
        groups[count++] = this.words[3] >>> 16
        groups[count++] = this.words[3]
        break
      }
      if (i === start || count === GROUPS) return false
      groups[count++] = value
      if (i === end) break
      i++
      if (i < end && text.charCodeAt(i) === COLON) {
        if (gap !== -1) return false
        gap = count
        i++
      } else if (i === end) return false
    }
    return this.#join(count, gap)
  }

  /** Puts the groups into words, with the zeros that `::` stands for. */
  #join(count: number, gap: number): boolean {
    if (gap === -1 ? count !== GROUPS : count === GROUPS) return false
    const zeros = GROUPS - count
    for (let i = 0; i < 4; i++)
      this.words[i] = ((this.#group(i * 2, gap, zeros) << 16) | this.#group(i * 2 + 1, gap, zeros)) >>> 0
    return true
  }

  #group(index: number, gap: number, zeros: number): number {
    if (gap === -1 || index < gap) return this.#groups[index]
    return index < gap + zeros ? 0 : this.#groups[index - zeros]
  }
}

/** A network: its first words, and how many of their 128 bits count (IPv4's begin at the 97th). */
export interface Network {
  readonly words: readonly [number, number, number, number]
  readonly bits: number
}

/**
 * Reads an address or `address/bits`. An IPv6 address alone stands for its /64, as everywhere at admission: a host has all of
 * it to choose from. Undefined where the text is neither.
 */
export function parseNetwork(text: string): Network | undefined {
  const address = new AddressWords()
  const [head, tail, more] = text.split('/')
  if (more !== undefined || head.includes('%') || !address.read(head)) return undefined
  const isFour = !head.includes(':')
  const alone = isFour ? BITS - MAPPED_BITS : address.isFour ? BITS : HOST_BITS
  const written = tail === undefined ? alone : wholeOf(tail)
  if (written === undefined || written > (isFour ? BITS - MAPPED_BITS : BITS)) return undefined
  const bits = isFour ? written + MAPPED_BITS : written
  address.mask(bits)
  const [a, b, c, d] = address.words
  return { words: [a, b, c, d], bits }
}

/** Whether a network lies inside another of its family. */
export function isInside(inner: Network, outer: Network): boolean {
  const { words, bits } = inner
  if (bits < outer.bits || isOfFour(inner) !== isOfFour(outer)) return false
  return outer.words.every((word, index) => {
    const kept = Math.min(32, Math.max(0, outer.bits - index * 32))
    return kept === 0 || word >>> (32 - kept) === words[index] >>> (32 - kept)
  })
}

const isOfFour = ({ words: [a, b, c], bits }: Network): boolean =>
  bits >= MAPPED_BITS && a === 0 && b === 0 && c === MAPPED

/** Whether two networks share an address: one of them lies inside the other. */
export const overlap = (a: Network, b: Network): boolean => isInside(a, b) || isInside(b, a)

/** Writes a network as people do: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/64`. */
export function networkText(network: Network): string {
  const { words, bits } = network
  if (isOfFour(network)) {
    const [, , , d] = words
    const text = [d >>> 24, (d >>> 16) & 255, (d >>> 8) & 255, d & 255].join('.')
    return bits === BITS ? text : `${text}/${bits - MAPPED_BITS}`
  }
  const groups = words.flatMap(word => [word >>> 16, word & 0xffff]).map(group => group.toString(16))
  const text = groups.join(':').replace(/(:0)+$/, '::')
  return `${text === '0::' ? '::' : text}/${bits}`
}

function wholeOf(text: string): number | undefined {
  return /^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : undefined
}

function hex(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1
}

const COLON = 0x3a
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
