import { asCose, asEnvelope, asProperty, HmacKey, SEAL_PROPERTY, Sealer, sealKeyBytes } from '@ringwall/proof'
import { encodePublish } from '@ringwall/wire'
import { expect, test } from 'vitest'
import { SealSlots } from '../seals/slots.ts'
import { field, publish, read } from './packets.testkit.ts'
import { Bench } from './way.testkit.ts'

const TOPIC = 'plant/pump-1/state'
const PAYLOAD = Buffer.from('{"on":true}')
const keyOf = (device: string, epoch: number) => sealKeyBytes(new Uint8Array(32), device, epoch)
const seal = () => new Sealer(new HmacKey(keyOf('pump-1', 1)), 1).seal(TOPIC, PAYLOAD, 1_795_000_000_000)
const user = (name: string, value: string) => Buffer.concat([Buffer.from([0x26]), field(name), field(value)])

const bench = (stripsSeals: boolean) =>
  new Bench({ policies: { stripsSeals }, slots: new SealSlots(keyOf, 10_000) }).establish({}, [0x22, 0, 5])

/** A PUBLISH of QoS 1 with a seal among its properties, or without it. */
function packet(isSealed: boolean, topic = TOPIC, alias: number | null = null, id = 7): Uint8Array {
  const others = [user('a', '1'), ...(alias === null ? [] : [Buffer.from([0x23, 0, alias])])]
  const own = isSealed ? [user(SEAL_PROPERTY, asProperty(seal()))] : []
  const properties = Buffer.concat([others[0], ...own, ...others.slice(1), user('b', '2')])
  return encodePublish({ version: 5, topic, payload: PAYLOAD, qos: 1, packetId: id, properties })
}

test('the broker gets a message as if it had never been sealed, whichever way it was', async () => {
  const here = await bench(true)
  here.device(packet(true))
  expect(here.toBroker()).toEqual(Buffer.from(packet(false)))
  for (const make of [asEnvelope, asCose]) {
    here.device(publish(TOPIC, make(seal(), PAYLOAD), { qos: 0 }))
    expect(here.toBroker()).toEqual(Buffer.from(publish(TOPIC, PAYLOAD)))
  }
})

test('an alias stays, with and without its topic', async () => {
  const here = await bench(true)
  here.device(packet(true, TOPIC, 3))
  expect(here.toBroker()).toEqual(Buffer.from(packet(false, TOPIC, 3)))
  here.device(packet(true, '', 3, 8))
  expect(here.toBroker()).toEqual(Buffer.from(packet(false, '', 3, 8)))
})

test('what has no seal, or something else in its place, passes as it came; kept seals pass too', async () => {
  const here = await bench(true)
  const odd = publish(TOPIC, 'rw1.AAAA.x')
  here.device(Buffer.concat([packet(false), odd]))
  expect(here.toBroker()).toEqual(Buffer.concat([packet(false), odd]))
  const keeping = await bench(false)
  keeping.device(packet(true))
  expect(keeping.toBroker()).toEqual(Buffer.from(packet(true)))
  expect(read(here.toDevice(), 'server')).toEqual([])
})
