import { connect as connectTcp } from 'node:net'
import { serve } from '../base/remote.ts'
import { type Connected, connectDevice, connectParty, devicesOf, type Party, topicOf } from './device.ts'
import { publishFrame, reading, TYPE } from './frames.ts'
import { sealing } from './sealed.ts'
import { recordLength, recordLengths, Vault } from './vault.ts'

/** The calls of the saturating generator. */
export type SaturateCalls = typeof calls

/** What one blast sends. */
export interface Load extends Party {
  /** Messages of each connection, a multiple of `batch`, at most 65,535 for QoS 1. */
  readonly messages: number
  /** Messages in one TLS record. */
  readonly batch: number
  readonly qos: 0 | 1
  /** The secret of the site in hex, where messages are sealed. */
  readonly secret?: string | undefined
}

/** QoS 1: messages that a connection may have unacknowledged; the gateway ends those with more than 1,024. */
const WINDOW = 960
/** QoS 1: messages that go in one write. */
const PIECE = 240

interface Lane extends Connected {
  readonly vault: Vault
  bytes: Buffer
  acks: number
  wake: (() => void) | null
  lost: boolean
}

let lanes: Lane[] = []
let load: Load | null = null

const calls = {
  /** Connects the devices and encrypts all that they will say. */
  async prepare(input: Load): Promise<void> {
    load = input
    lanes = []
    devicesOf(input)
    await connectParty(input, async device => {
      const vault = new Vault(connectTcp({ port: input.port, host: '127.0.0.1', noDelay: true }))
      let lane: Lane | null = null
      const connected = await connectDevice(input, device, {
        socket: vault,
        onFrame: first => {
          if (first >> 4 === TYPE.puback && lane !== null) acknowledged(lane)
        },
        onLost: () => {
          if (lane !== null) lane.lost = true
          lane?.wake?.()
        },
      })
      lane = { ...connected, vault, bytes: Buffer.alloc(0), acks: 0, wake: null, lost: false }
      lanes.push(lane)
      return connected
    })
    for (const lane of lanes) lane.bytes = await encrypt(lane, input)
  },

  /** Sends it all, as fast as it is read. Answers when the kernel, or for QoS 1 the last PUBACK, has it. */
  async blast(): Promise<void> {
    await Promise.all(lanes.map(lane => (load!.qos === 0 ? lane.vault.send(lane.bytes) : inWindow(lane, load!))))
  },

  /** Ends the connections; answers how many the server had ended before. */
  async close(): Promise<{ lost: number }> {
    const lost = lanes.filter(lane => lane.lost).length
    for (const lane of lanes) lane.vault.destroy()
    lanes = []
    return { lost }
  },
}

/** One write of `batch` frames a record: each waits for the one before, or Node would join them. */
async function encrypt(lane: Lane, load: Load): Promise<Buffer> {
  const { messages, batch, qos } = load
  const topic = topicOf(lane.id)
  const said = sayer(lane.id, load)
  lane.vault.keep()
  for (let sent = 0; sent < messages; sent += batch) {
    const frames: Buffer[] = []
    for (let index = sent; index < sent + batch; index++) {
      frames.push(publishFrame(topic, said(index), qos === 1 ? index + 1 : undefined))
    }
    const record = batch === 1 ? frames[0]! : Buffer.concat(frames)
    await new Promise<void>((resolve, reject) => lane.tls.write(record, error => (error ? reject(error) : resolve())))
  }
  const bytes = lane.vault.release()
  const expected = recordSize(lane.id, load)
  const lengths = recordLengths(bytes)
  if (lengths.length !== messages / batch || lengths.some(length => length !== expected)) {
    throw new Error(`the load is not ${batch} messages a record`)
  }
  return bytes
}

async function inWindow(lane: Lane, load: Load): Promise<void> {
  const { messages, batch } = load
  const size = recordSize(lane.id, load)
  for (let sent = 0; sent < messages; ) {
    const more = Math.min(PIECE, messages - sent)
    while (sent + more - lane.acks > WINDOW) await change(lane)
    await lane.vault.send(lane.bytes.subarray((sent / batch) * size, ((sent + more) / batch) * size))
    sent += more
  }
  while (lane.acks < messages) await change(lane)
}

function change(lane: Lane): Promise<void> {
  if (lane.lost) throw new Error(`${lane.id} was disconnected after ${lane.acks} acknowledgements`)
  return new Promise(resolve => {
    lane.wake = resolve
  })
}

function acknowledged(lane: Lane): void {
  lane.acks++
  if ((lane.wake !== null && (lane.acks & 127) === 0) || lane.acks === load?.messages) {
    const wake = lane.wake
    lane.wake = null
    wake?.()
  }
}

function recordSize(id: string, load: Load): number {
  const { length } = publishFrame(topicOf(id), sayer(id, load)(0), load.qos === 1 ? 1 : undefined)
  return recordLength(load.batch * length)
}

/** Makes a device's payloads, in the order in which it says them. */
function sayer(id: string, { secret }: Load): (index: number) => Uint8Array {
  if (secret === undefined) return reading
  const sealed = sealing(id, secret)
  return index => sealed(reading(index))
}

serve(calls)
