import { u16, u32 } from '../integers.ts'
import type { Format, FormatFault, PlainRecords, Shown } from './format.ts'
import { type CaptureInterface, padded, readInterface } from './interface.ts'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

const ORDER_MAGIC = 0x1a2b3c4d
const MAJOR_VERSION = 1
const HEAD = 8
const SECTION_HEAD = 24
const TRAILER = 4
const LARGEST_INTERFACE = 65_536
const MOST_INTERFACES = 4096

/** Whether a pcapng file begins with these four bytes. */
export function isPcapng(bytes: Uint8Array, at: number): boolean {
  return u32(bytes, at, false) === SECTION
}

/**
 * The capture file of Wireshark (draft-ietf-opsawg-pcapng): sections of blocks, each section in its own byte order and with its
 * own interfaces. Blocks that hold no packet and describe no interface are passed over, and so are options.
 */
export class Pcapng implements Format {
  fault: FormatFault | null
  skip: number
  readonly #maxPacket: number
  #little: boolean
  #interfaces: CaptureInterface[]
  // The block is there to its end, which is right, and is read in one step.
  #whole: boolean
  // The length of the block whose repetition at its end comes next; 0 where a block begins.
  #open: number
  #sections: number
  #length: number
  // The captured length of the block's packet.
  #captured: number
  #lastTime: number
  // How packets of the first interface stand; null in a section whose byte order is not WebAssembly's.
  #plain: PlainRecords | null

  constructor(maxPacket: number) {
    this.fault = null
    this.skip = 0
    this.#maxPacket = maxPacket
    this.#little = true
    this.#interfaces = []
    this.#whole = false
    this.#open = 0
    this.#sections = 0
    this.#length = 0
    this.#captured = 0
    this.#lastTime = 0
    this.#plain = null
  }

  get complete(): boolean {
    return this.#open === 0 && this.#sections > 0
  }

  get plain(): PlainRecords | null {
    return this.#open === 0 ? this.#plain : null
  }

  need(bytes: Uint8Array, at: number, limit: number): number {
    if (this.#open !== 0) return TRAILER
    if (limit - at < HEAD) return HEAD
    const type = u32(bytes, at, this.#little)
    if (type === SECTION) {
      if (limit - at < SECTION_HEAD) return SECTION_HEAD
      if (!this.#readOrder(bytes, at)) return 0
    }
    this.#length = u32(bytes, at + 4, this.#little)
    const fixed = fixedPart(type)
    if (this.#length < fixed + TRAILER || this.#length % 4 !== 0) {
      const why = `a block of type ${type} has ${this.#length} bytes: it needs ${fixed + TRAILER} or more, in fours`
      return this.#fail('block_length', why, 4)
    }
    if (limit - at < fixed) return fixed
    const step = this.#needOf(bytes, at, type, fixed)
    const end = at + this.#length
    this.#whole = end <= limit && u32(bytes, end - TRAILER, this.#little) === this.#length
    return this.#whole ? this.#length : step
  }

  read(bytes: Uint8Array, at: number, shown: Shown): boolean {
    if (this.#open !== 0) return this.#close(bytes, at)
    const little = this.#little
    const type = u32(bytes, at, little)
    this.#open = this.#whole ? 0 : this.#length
    switch (type) {
      case SECTION:
        this.#pass(SECTION_HEAD)
        return this.#begin(bytes, at)
      case INTERFACE:
        this.#pass(this.#length - TRAILER)
        return this.#describe(bytes, at)
      case OBSOLETE_PACKET:
      case ENHANCED_PACKET: {
        const id = type === ENHANCED_PACKET ? u32(bytes, at + 8, little) : u16(bytes, at + 8, little)
        const found = this.#interfaces[id]
        this.#lastTime = found.time(u32(bytes, at + 12, little), u32(bytes, at + 16, little))
        return this.#show(bytes, at, type, u32(bytes, at + 24, little), found, shown)
      }
      case SIMPLE_PACKET:
        return this.#show(bytes, at, type, u32(bytes, at + 8, little), this.#interfaces[0], shown)
      default:
        this.#pass(HEAD)
        return false
    }
  }

  #needOf(bytes: Uint8Array, at: number, type: number, fixed: number): number {
    if (type === INTERFACE) return this.#needInterface()
    return type === SECTION || fixed === HEAD ? fixed : this.#needPacket(bytes, at, type)
  }

  /** Says what of the block comes behind this step: all but the repeated length is passed over. */
  #pass(step: number): void {
    this.skip = this.#whole ? 0 : this.#length - step - TRAILER
  }

  #close(bytes: Uint8Array, at: number): false {
    const repeated = u32(bytes, at, this.#little)
    if (repeated !== this.#open) {
      this.#fail('block_length', `a block of ${this.#open} bytes says at its end that it has ${repeated}`, 0)
    }
    this.#open = 0
    this.skip = 0
    return false
  }

  #readOrder(bytes: Uint8Array, at: number): boolean {
    this.#little = u32(bytes, at + 8, true) === ORDER_MAGIC
    if (this.#little || u32(bytes, at + 8, false) === ORDER_MAGIC) return true
    this.#fail('byte_order', 'a section does not say its byte order', 8)
    return false
  }

  #needInterface(): number {
    if (this.#length > LARGEST_INTERFACE) {
      const why = `an interface's description has ${this.#length} bytes, the most allowed are ${LARGEST_INTERFACE}`
      return this.#fail('block_length', why, 4)
    }
    if (this.#interfaces.length === MOST_INTERFACES) {
      return this.#fail('interfaces', `a section has more than ${MOST_INTERFACES} interfaces`, 0)
    }
    return this.#length - TRAILER
  }

  #needPacket(bytes: Uint8Array, at: number, type: number): number {
    const simple = type === SIMPLE_PACKET
    const id = simple
      ? 0
      : type === ENHANCED_PACKET
        ? u32(bytes, at + 8, this.#little)
        : u16(bytes, at + 8, this.#little)
    if (id >= this.#interfaces.length) {
      const why = `a packet of interface ${id} comes in a section with ${this.#interfaces.length} interfaces`
      return this.#fail('interface_unknown', why, 8)
    }
    const room = this.#length - fixedPart(type) - TRAILER
    const captured = simple ? this.#simpleLength(u32(bytes, at + 8, this.#little)) : u32(bytes, at + 20, this.#little)
    if (captured > this.#maxPacket) {
      const why = `a packet of ${captured} bytes is announced, the largest allowed is ${this.#maxPacket}`
      return this.#fail('packet_too_large', why, simple ? 8 : 20)
    }
    if (captured > room) {
      const why = `a packet of ${captured} bytes is announced in a block that has room for ${room}`
      return this.#fail('block_length', why, simple ? 8 : 20)
    }
    this.#captured = captured
    return fixedPart(type) + padded(captured)
  }

  /** A simple packet has as many bytes as the first interface's snap length lets through. */
  #simpleLength(original: number): number {
    const snap = this.#interfaces[0].snapLength
    return snap === 0 ? original : Math.min(original, snap)
  }

  #show(bytes: Uint8Array, at: number, type: number, original: number, from: CaptureInterface, shown: Shown): true {
    this.#pass(fixedPart(type) + padded(this.#captured))
    // A simple packet has no time of its own; the one before it is the nearest that is known.
    shown.time = this.#lastTime
    shown.linkType = from.linkType
    shown.bytes = bytes
    shown.start = at + fixedPart(type)
    shown.end = shown.start + this.#captured
    shown.originalLength = original
    return true
  }

  #begin(bytes: Uint8Array, at: number): false {
    const major = u16(bytes, at + 12, this.#little)
    if (major !== MAJOR_VERSION) {
      this.#fail('capture_version', `a section is of version ${major}, which is not ${MAJOR_VERSION}`, 12)
    }
    this.#interfaces = []
    this.#plain = null
    this.#sections++
    return false
  }

  #describe(bytes: Uint8Array, at: number): false {
    const read = readInterface(bytes, at + 8, at + this.#length - TRAILER, this.#little)
    if (typeof read === 'number')
      this.#fail('option_length', 'an option of an interface has a broken length', read - at)
    else if (this.#interfaces.push(read) === 1 && this.#little) this.#plain = this.#plainOf(read)
    return false
  }

  #plainOf({ linkType, divisor, factor, offset }: CaptureInterface): PlainRecords {
    const passed = (time: number): void => {
      this.#lastTime = time
    }
    return { format: 'pcapng', linkType, divisor, factor, offset, passed }
  }

  #fail(code: string, why: string, at: number): 0 {
    this.fault = { code, why, at }
    return 0
  }
}

/** The bytes of a block before what differs in length; of a block that is passed over its type and length. */
function fixedPart(type: number): number {
  switch (type) {
    case ENHANCED_PACKET:
    case OBSOLETE_PACKET:
      return 28
    case SIMPLE_PACKET:
      return 12
    case INTERFACE:
      return 16
    case SECTION:
      return SECTION_HEAD
    default:
      return HEAD
  }
}
