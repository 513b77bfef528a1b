import { createServer, type Server } from 'node:net'
import { macHolds, readCose, readEnvelope, readProperty, SEAL_PROPERTY, SealView, sealKey } from '@ringwall/proof'
import mqtt, { type MqttClient } from 'mqtt'
import { type IPublishPacket, parser, writeToStream } from 'mqtt-packet'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Identity } from './key-store.ts'
import type { Carrier } from './message.ts'
import { SealedClient } from './sealed-client.ts'
import { SealedDevice } from './sealed-device.ts'

const SECRET = new Uint8Array(32).fill(9)
const KEY = sealKey(SECRET, 'pump-1', 1)
const TOPIC = 'plant/pump-1/state'

let server: Server
let heard: IPublishPacket[] = []

beforeEach(async () => {
  heard = []
  server = createServer(socket => {
    let protocolVersion = 4
    const packets = parser()
    const answer = (packet: object) => writeToStream(packet as never, socket, { protocolVersion })
    packets.on('packet', packet => {
      if (packet.cmd === 'connect') {
        protocolVersion = packet.protocolVersion ?? 4
        answer({ cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false })
      } else if (packet.cmd === 'publish') {
        heard.push(packet)
        if (packet.qos > 0) answer({ cmd: 'puback', messageId: packet.messageId, reasonCode: 0 })
      }
    })
    socket.on('data', bytes => packets.parse(Buffer.from(bytes))).on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})

afterEach(() => new Promise(resolve => server.close(resolve)))

function connect(protocolVersion: 4 | 5): Promise<MqttClient> {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return mqtt.connectAsync({ host: '127.0.0.1', port: address.port, protocolVersion, reconnectPeriod: 0 })
}

function device(): SealedDevice {
  let kept: Identity = { device: 'pump-1', secret: SECRET, epoch: 1, sequence: 0, previous: new Uint8Array(0) }
  return new SealedDevice({
    load: () => kept,
    save: identity => {
      kept = identity
    },
  })
}

/** The seal's number and the payload without it, once the MAC holds. */
function opened(packet: IPublishPacket, carrier: Carrier): [sequence: number, payload: string] {
  const view = new SealView()
  const bytes = packet.payload as Buffer
  let start = 0
  let end = bytes.length
  if (carrier === 'property') {
    const text = Buffer.from(String(packet.properties?.userProperties?.[SEAL_PROPERTY]))
    expect(readProperty(text, 0, text.length, view)).toBe(true)
  } else if (carrier === 'envelope') start = readEnvelope(bytes, 0, bytes.length, view)
  else {
    expect(readCose(bytes, 0, bytes.length, view)).toBe(true)
    start = view.payloadStart
    end = view.payloadEnd
  }
  const payload = bytes.subarray(start, end)
  expect(macHolds(KEY, view, Buffer.from(packet.topic), payload)).toBe(true)
  return [view.sequence, payload.toString()]
}

describe('MQTT.js as it comes', () => {
  test.each([
    [5, undefined, 'property'],
    [4, undefined, 'envelope'],
    [4, 'cose', 'cose'],
    [5, 'envelope', 'envelope'],
  ] as const)('version %d, carrier %s: %s', async (version, asked, carrier) => {
    const client = new SealedClient(await connect(version), device(), asked)
    const texts = ['{"on":true}', '', '{"on":false}']
    await Promise.all(texts.map(text => client.publish(TOPIC, text, { qos: 1 })))
    await client.end()
    expect(heard.map(packet => opened(packet, carrier))).toEqual(texts.map((text, index) => [index + 1, text]))
    await expect(client.publish(TOPIC, 'late')).rejects.toThrow(expect.objectContaining({ code: 'device_closed' }))
  })

  test("the message's own properties stay", async () => {
    const client = new SealedClient(await connect(5), device())
    const properties = { contentType: 'application/json', userProperties: { line: '3' } }
    await client.publish(TOPIC, '{}', { qos: 1, properties })
    await client.end()
    expect(heard[0].properties).toMatchObject({ contentType: 'application/json', userProperties: { line: '3' } })
    expect(opened(heard[0], 'property')).toEqual([1, '{}'])
    expect(properties.userProperties).toEqual({ line: '3' })
  })
})
