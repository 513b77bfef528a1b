import type { Flow } from '@ringwall/wire/capture'

/** A time as EVE writes it, in UTC with microseconds. `time` is in milliseconds since the Unix epoch, with a fraction. */
export function timestamp(time: number): string {
  const micros = Math.round(time * 1_000)
  const seconds = Math.floor(micros / 1_000_000)
  const text = new Date(seconds * 1_000).toISOString()
  return `${text.slice(0, 19)}.${String(micros - seconds * 1_000_000).padStart(6, '0')}+0000`
}

/** What the lines about one flow have in common, worked out once. */
export interface FlowNames {
  /** Stays the same for the same capture. */
  readonly id: number
  /** The addresses and ports as JSON, for a packet from the client and one from the server. */
  readonly up: string
  readonly down: string
}

export function flowNames({ client, server, began }: Flow): FlowNames {
  const a = `"${expanded(client.address)}"`
  const b = `"${expanded(server.address)}"`
  return {
    id: identity(`${client.address} ${client.port} ${server.address} ${server.port} ${began}`),
    up: `"src_ip":${a},"src_port":${client.port},"dest_ip":${b},"dest_port":${server.port},"proto":"TCP"`,
    down: `"src_ip":${b},"src_port":${server.port},"dest_ip":${a},"dest_port":${client.port},"proto":"TCP"`,
  }
}

/** The beginning of a line, without its closing brace. `packet` counts from 1. */
export function header(
  type: string,
  { id, up, down }: FlowNames,
  fromClient: boolean,
  time: number,
  packet: number,
): string {
  const ends = fromClient ? up : down
  return `{"timestamp":"${timestamp(time)}","flow_id":${id},"pcap_cnt":${packet},"event_type":"${type}",${ends}`
}

/** Suricata writes all eight groups of an IPv6 address with all their digits. */
function expanded(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(missing).fill('0'), ...after].map(group => group.padStart(4, '0')).join(':')
}

/** 52 bits of a text by two FNV-1a hashes: a number that JSON readers keep whole. */
function identity(text: string): number {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193)
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000197)
  }
  return (high & 0xfffff) * 2 ** 32 + (low >>> 0)
}
