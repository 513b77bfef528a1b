import { describe, expect, test } from 'vitest'
import type { Address } from '../contract/index.ts'
import { Flow } from './flow.ts'

const address = (text: string): Address => ({ bytes: new TextEncoder().encode(text), text, memo: [] })

describe('identifiers', () => {
  test('QoS 0 takes none', () => {
    const flow = new Flow(10)
    flow.forwarded(0, 0)
    flow.refused(0, 0, 0x87, true)
    expect([flow.size, flow.inUse(0)]).toEqual([0, false])
  })

  test('QoS 1 is in use until its PUBACK', () => {
    const flow = new Flow(10)
    flow.forwarded(5, 1)
    expect([flow.size, flow.inUse(5)]).toEqual([1, true])
    flow.recorded(5, 0x80)
    expect(flow.inUse(5)).toBe(true)
    flow.acknowledged(5)
    expect([flow.size, flow.inUse(5)]).toEqual([0, false])
  })

  test('QoS 2 is in use until its PUBCOMP', () => {
    const flow = new Flow(10)
    flow.forwarded(5, 2)
    flow.recorded(5, 0)
    expect([flow.size, flow.inUse(5)]).toEqual([1, true])
    expect(flow.released(5)).toBe(false)
    expect(flow.inUse(5)).toBe(true)
    flow.completed(5)
    expect([flow.size, flow.inUse(5)]).toEqual([0, false])
  })

  test('QoS 2 is over with a PUBREC of 0x80 or more (MQTT-4.3.3-4)', () => {
    const flow = new Flow(10)
    flow.forwarded(5, 2)
    flow.recorded(5, 0x97)
    expect([flow.size, flow.inUse(5)]).toEqual([0, false])
    flow.forwarded(6, 2)
    flow.recorded(6, 0x10)
    expect(flow.inUse(6)).toBe(true)
  })
})

describe('refused QoS 2', () => {
  test('in 3.1.1 keeps its identifier until the sender releases it, which the gateway completes once', () => {
    const flow = new Flow(10)
    flow.refused(5, 2, 0x87, true)
    flow.exact.due(() => {})
    expect(flow.inUse(5)).toBe(true)
    expect(flow.released(5)).toBe(true)
    expect(flow.inUse(5)).toBe(false)
    expect(flow.released(5)).toBe(false)
  })

  test('in 5 is over with the PUBREC that refuses it', () => {
    const flow = new Flow(10)
    flow.refused(5, 2, 0x87, false)
    expect(flow.inUse(5)).toBe(true)
    flow.exact.due(() => {})
    expect(flow.inUse(5)).toBe(false)
    expect(flow.released(5)).toBe(false)
  })

  test('that passes when it is sent again is released by the receiver', () => {
    const flow = new Flow(10)
    flow.forwarded(1, 2)
    flow.refused(5, 2, 0x97, true)
    flow.forwarded(5, 2)
    flow.recorded(1, 0)
    flow.recorded(5, 0)
    expect(flow.released(5)).toBe(false)
    expect(flow.exact.pending).toBe(false)
  })

  test('in its turn counts among the messages that are not through', () => {
    const flow = new Flow(10)
    flow.forwarded(1, 2)
    flow.refused(2, 2, 0x87, true)
    flow.refused(3, 1, 0x87, true)
    expect(flow.size).toBe(3)
  })
})

describe('aliases', () => {
  test('one that was never set stands for nothing', () => {
    expect(new Flow(1).alias(1)).toBeUndefined()
  })

  test('a new meaning takes the place of the former and is not known to the receiver', () => {
    const flow = new Flow(1)
    flow.setAlias(1, address('a')).known = true
    flow.setAlias(2, address('b'))
    expect(flow.alias(1)).toMatchObject({ address: { text: 'a' }, known: true })
    flow.setAlias(1, address('c'))
    expect(flow.alias(1)).toMatchObject({ address: { text: 'c' }, known: false })
    expect(flow.alias(2)).toMatchObject({ address: { text: 'b' }, known: false })
  })

  test('decisions that guards kept with an aliased topic can be forgotten, the alias stays', () => {
    const flow = new Flow(1)
    flow.forget()
    const alias = flow.setAlias(1, { ...address('a'), memo: [3, 1] })
    alias.known = true
    flow.forget()
    expect(flow.alias(1)).toMatchObject({ address: { text: 'a', memo: [undefined, undefined] }, known: true })
  })
})
