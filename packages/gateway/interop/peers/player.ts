import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { type CapturedFlow, renamed } from './captured.ts'
import type { Access } from './kit.ts'

export interface PlayOptions {
  /** How many times quicker than it was. */
  readonly speed: number
  /** What is later than this, in milliseconds of the play, is left out; connections that still stand end then. */
  readonly length: number
  /** The proxy that the gateway believes; by it each connection comes from where it came from in the capture. */
  readonly proxy: string
  /** Leave the client ids as they were. */
  readonly unchanged?: boolean
  /** Gives what a device connects with. */
  access(device: string): Promise<Access>
}

/** What came of a play. */
export interface Played {
  /** By device: milliseconds from its first connection to the end. */
  readonly devices: ReadonlyMap<string, number>
  /** What the first packet that came back was, by its first four bytes in hex; `none` where none came. */
  readonly answers: ReadonlyMap<string, number>
}

const ANSWER_MS = 5_000

/**
 * Plays what clients said over mutual TLS, each at its time, piece by piece. An attacker has as many certificates as it once held
 * connections at the same time: `thief-0`, `thief-1` and so on, each with one connection after the other.
 */
export async function play(flows: readonly CapturedFlow[], options: PlayOptions): Promise<Played> {
  const hands: { device: string; access: Access; ended: number; queue: CapturedFlow[] }[] = []
  for (const flow of flows) {
    if (flow.began / options.speed > options.length) break
    let hand = hands.find(({ ended }) => ended <= flow.began)
    if (hand === undefined) {
      const device = `thief-${hands.length}`
      hand = { device, access: await options.access(device), ended: 0, queue: [] }
      hands.push(hand)
    }
    hand.ended = flow.ended
    hand.queue.push(flow)
  }
  const start = Date.now()
  const until = (at: number) => sleep(Math.max(0, Math.min(at / options.speed, options.length) - (Date.now() - start)))
  const answers = new Map<string, number>()
  const devices = new Map<string, number>()
  await Promise.all(
    hands.map(async ({ device, access, queue }) => {
      for (const flow of queue) {
        await until(flow.began)
        if (!devices.has(device)) devices.set(device, Date.now() - start)
        const answer = await playOne(flow, device, access, options, until)
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }
    }),
  )
  const end = Date.now() - start
  return { devices: new Map([...devices].map(([device, began]) => [device, end - began])), answers }
}

async function playOne(
  flow: CapturedFlow,
  device: string,
  { port, ca, certificate: cert, key }: Access,
  { proxy, speed, length, unchanged = false }: PlayOptions,
  until: (at: number) => Promise<void>,
): Promise<string> {
  const tcp = connectTcp({ host: '127.0.0.1', localAddress: proxy, port })
  tcp.on('error', () => {})
  tcp.write(proxyHeader(flow.from))
  const socket = connect({ socket: tcp, ca, cert, key, servername: 'localhost' })
  let answer = 'none'
  const heard = new Promise<void>(resolve => {
    socket.once('data', (bytes: Buffer) => {
      answer = bytes.toString('hex', 0, 4)
      resolve()
    })
  })
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  socket.resume()
  await Promise.race([once(socket, 'secureConnect').catch(() => {}), closed])
  for (const { at, bytes } of unchanged ? flow.pieces : renamed(flow.pieces, device)) {
    if (at / speed > length || socket.destroyed) break
    await Promise.race([until(at), closed])
    if (socket.writable) socket.write(bytes)
  }
  // A client that left with its answer does so here, however much quicker it is played.
  if (flow.answered) await Promise.race([heard, closed, sleep(ANSWER_MS)])
  await Promise.race([until(flow.ended), closed])
  socket.destroySoon()
  await Promise.race([closed, sleep(ANSWER_MS)])
  socket.destroy()
  await closed
  return answer
}

// PROXY protocol v2, section 2.2: a TCP connection over IPv4 to 192.0.2.1, port 8883.
function proxyHeader(from: string): Buffer {
  const signature = Buffer.from('0d0a0d0a000d0a515549540a2111000c', 'hex')
  const ports = [40_000, 8_883].flatMap(port => [port >> 8, port & 0xff])
  return Buffer.concat([signature, Buffer.from([...from.split('.').map(Number), 192, 0, 2, 1, ...ports])])
}
