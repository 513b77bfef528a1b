import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { serve } from '../base/remote.ts'
import { devicesOf, type Party, tlsOptions, topicOf } from './device.ts'
import { connectFrame, publishFrame, reading } from './frames.ts'

/** The calls of the attackers. */
export type AttackCalls = typeof calls

/** What the attackers do at once. The party's first device floods, the others hold back half of their CONNECT. */
export interface Attack extends Party {
  /** TCP connections that send the beginning of a ClientHello and no more. */
  readonly halfOpen: number
  /** Messages a second of the device that floods. */
  readonly flood: number
}

/** What the attackers had at the last moment, and in all. */
export interface Siege {
  readonly halfOpen: number
  readonly held: number
  /** Connections attempted in all. */
  readonly attempts: number
  /** Messages that the flooding device handed to its socket. */
  readonly flooded: number
}

/** The attackers come from as many addresses of 127.0.1.0/24, and not from the honest devices' one. */
const ADDRESSES = 16
/** Most attempts of one attack: the bound on what this process does to the machine. */
const MOST_ATTEMPTS = 40_000
/** Milliseconds until a connection that was closed is tried again. */
const AGAIN = 1000
/** Milliseconds for which the held CONNECTs go first: half-open ones would leave no handshake for them. */
const HELD_FIRST = 3000
/** A handshake record's header and the first bytes of a ClientHello that never comes. */
const HELLO = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 1, 2, 3, 4])
/** Bytes that the flooding device may have waiting in its own process. */
const WAITING = 1 << 20

let attack: Attack | null = null
let attempts = 0
let flooded = 0
let timers: NodeJS.Timeout[] = []
const halfOpen = new Set<Socket>()
const held = new Set<TLSSocket>()
const others = new Set<Socket>()

const calls = {
  /** Begins; the connections come up over the next seconds. */
  start(input: Attack): void {
    attack = input
    attempts = 0
    flooded = 0
    devicesOf(input)
    for (let index = 0; index < input.halfOpen; index++) later(() => openHalf(index), HELD_FIRST + index / 2)
    for (let index = 1; index < input.count; index++) later(() => hold(index), index * 4)
    flood()
  },

  /** How it stands. */
  siege: (): Siege => ({ halfOpen: halfOpen.size, held: held.size, attempts, flooded }),

  /** Ends all of it. */
  stop(): void {
    attack = null
    for (const timer of timers) clearTimeout(timer)
    timers = []
    for (const socket of [...halfOpen, ...held, ...others]) socket.destroy()
    halfOpen.clear()
    held.clear()
    others.clear()
  },
}

function openHalf(index: number): void {
  if (!mayTry()) return
  const socket = connectTcp({ host: '127.0.0.1', port: attack!.port, localAddress: addressOf(index) })
  others.add(socket)
  socket.once('connect', () => {
    halfOpen.add(socket)
    socket.write(HELLO)
  })
  again(socket, halfOpen, () => openHalf(index))
}

function hold(index: number): void {
  if (!mayTry()) return
  const device = devicesOf(attack!)[index]!
  const raw = connectTcp({ host: '127.0.0.1', port: attack!.port, localAddress: addressOf(index) })
  others.add(raw)
  raw.on('error', () => raw.destroy())
  const tls = connectTls({ ...tlsOptions(attack!, device), socket: raw })
  others.add(tls)
  tls.once('secureConnect', () => {
    held.add(tls)
    tls.write(connectFrame(device.id).subarray(0, 5))
  })
  again(tls, held, () => hold(index))
}

function flood(): void {
  if (!mayTry()) return
  const party = attack!
  const device = devicesOf(party)[0]!
  const tls = connectTls(tlsOptions(party, device))
  others.add(tls)
  const frame = publishFrame(topicOf(device.id), reading(1))
  tls.once('secureConnect', () => {
    tls.write(connectFrame(device.id))
    const start = performance.now()
    let sent = 0
    const beat = setInterval(() => {
      const due = Math.floor(((performance.now() - start) / 1000) * party.flood)
      // One piece a beat: a flood that costs its sender more than its victim would measure the sender.
      if (due > sent && tls.writableLength < WAITING) {
        tls.write(Buffer.concat(new Array<Buffer>(due - sent).fill(frame)))
        flooded += due - sent
      }
      sent = due
    }, 5)
    tls.once('close', () => clearInterval(beat))
  })
  again(tls, others, flood)
}

function again(socket: Socket, among: Set<Socket>, retry: () => void): void {
  socket.resume()
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    among.delete(socket)
    others.delete(socket)
    if (attack !== null) later(retry, AGAIN)
  })
}

function mayTry(): boolean {
  return attack !== null && attempts++ < MOST_ATTEMPTS
}

function later(task: () => void, milliseconds: number): void {
  timers.push(setTimeout(task, milliseconds))
}

const addressOf = (index: number): string => `127.0.1.${1 + (index % ADDRESSES)}`

serve(calls)
