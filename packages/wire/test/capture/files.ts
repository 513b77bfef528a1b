import { join } from '../frames.ts'

/** A packet that is written into a file. */
export interface Written {
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly bytes: Uint8Array
  readonly originalLength?: number
}

export interface PcapForm {
  readonly little?: boolean
  readonly nano?: boolean
  readonly linkType?: number
}

/** Numbers of the given bits in a byte order. */
export function numbers(
  little: boolean,
  ...fields: readonly [bits: 8 | 16 | 32 | 64, value: number | bigint][]
): Uint8Array {
  return join(
    fields.map(([bits, value]) => {
      const view = new DataView(new ArrayBuffer(bits / 8))
      if (bits === 8) view.setUint8(0, Number(value))
      else if (bits === 16) view.setUint16(0, Number(value), little)
      else if (bits === 32) view.setUint32(0, Number(value), little)
      else view.setBigInt64(0, BigInt(value), little)
      return new Uint8Array(view.buffer)
    }),
  )
}

/** A classic capture file. */
export function pcapFile(packets: readonly Written[], form: PcapForm = {}): Uint8Array {
  const { little = true, nano = false, linkType = 1 } = form
  const magic = nano ? 0xa1b23c4d : 0xa1b2c3d4
  return join([
    numbers(little, [32, magic], [16, 2], [16, 4], [32, 0], [32, 0], [32, 262_144], [32, linkType]),
    ...packets.flatMap(({ time, bytes, originalLength = bytes.length }) => {
      const seconds = Math.floor(time / 1000)
      const fraction = Math.round((time - seconds * 1000) * (nano ? 1_000_000 : 1000))
      return [numbers(little, [32, seconds], [32, fraction], [32, bytes.length], [32, originalLength]), bytes]
    }),
  ])
}

/** A block of pcapng around a body, which is padded. */
export function block(little: boolean, type: number, body: Uint8Array): Uint8Array {
  const length = 12 + Math.ceil(body.length / 4) * 4
  const padding = new Uint8Array(length - 12 - body.length)
  return join([numbers(little, [32, type], [32, length]), body, padding, numbers(little, [32, length])])
}

export function sectionBlock(little: boolean, major = 1): Uint8Array {
  return block(little, 0x0a0d0d0a, numbers(little, [32, 0x1a2b3c4d], [16, major], [16, 0], [64, -1n]))
}

/** An option of a block, padded. */
export function option(little: boolean, code: number, value: Uint8Array): Uint8Array {
  const padding = new Uint8Array((4 - (value.length % 4)) % 4)
  return join([numbers(little, [16, code], [16, value.length]), value, padding])
}

export function interfaceBlock(
  little: boolean,
  linkType: number,
  snapLength = 0,
  options: Uint8Array[] = [],
): Uint8Array {
  return block(little, 1, join([numbers(little, [16, linkType], [16, 0], [32, snapLength]), ...options]))
}

/** A time stamp in units, in its two halves. */
function stamp(little: boolean, units: bigint): Uint8Array {
  return numbers(little, [32, units >> 32n], [32, units & 0xffff_ffffn])
}

export function enhancedBlock(
  little: boolean,
  id: number,
  units: bigint,
  packet: Written,
  options: Uint8Array[] = [],
): Uint8Array {
  const { bytes, originalLength = bytes.length } = packet
  const padding = new Uint8Array((4 - (bytes.length % 4)) % 4)
  return block(
    little,
    6,
    join([
      numbers(little, [32, id]),
      stamp(little, units),
      numbers(little, [32, bytes.length], [32, originalLength]),
      bytes,
      padding,
      ...options,
    ]),
  )
}

export function simpleBlock(little: boolean, { bytes, originalLength = bytes.length }: Written): Uint8Array {
  return block(little, 3, join([numbers(little, [32, originalLength]), bytes]))
}

export function obsoleteBlock(little: boolean, id: number, units: bigint, packet: Written): Uint8Array {
  const { bytes, originalLength = bytes.length } = packet
  const head = join([
    numbers(little, [16, id], [16, 0xffff]),
    stamp(little, units),
    numbers(little, [32, bytes.length], [32, originalLength]),
  ])
  return block(little, 2, join([head, bytes]))
}

/** A pcapng file of one section and one interface with microseconds. */
export function pcapngFile(packets: readonly Written[], little: boolean, linkType: number): Uint8Array {
  return join([
    sectionBlock(little),
    interfaceBlock(little, linkType),
    ...packets.map(packet => enhancedBlock(little, 0, BigInt(Math.round(packet.time * 1000)), packet)),
  ])
}
