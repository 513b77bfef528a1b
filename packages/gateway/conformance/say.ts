import { type Bytes, connect, packet, properties, u16, type Version } from './build.ts'
import type { Talk } from './talk.ts'

/** What one side says. */
export type Said = Talk['said']
export const client = (...packets: Bytes[]): Said => packets.map(bytes => ['client', bytes] as const)
export const server = (...packets: Bytes[]): Said => packets.map(bytes => ['server', bytes] as const)
/** A conversation whose last packet is judged. */
export const talk = (version: Version, clause: string, expect: string, name: string, ...said: Said[]): Talk => ({
  name,
  version,
  clause,
  expect,
  said: said.flat(),
})

/** What a server says. */
export const connack = (version: Version, reason = 0, flags = 0, props: Bytes[] = []): Bytes =>
  packet(0x20, [flags, reason], version === 5 ? properties(...props) : [])
export const suback = (version: Version, id: number, ...codes: number[]): Bytes =>
  packet(0x90, u16(id), version === 5 ? [0] : [], codes)
export const unsuback = (version: Version, id: number, ...codes: number[]): Bytes =>
  packet(0xb0, u16(id), version === 5 ? [0] : [], version === 5 ? codes : [])
/** A session that stands. */
export const open = (version: Version, props: Bytes[] = []): Said => [
  ...client(connect(version, { properties: props })),
  ...server(connack(version)),
]
export const PINGRESP: Bytes = [0xd0, 0]
