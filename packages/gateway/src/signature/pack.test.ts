import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileRules, FlowMemory, SignatureEngine } from './index.ts'
import { trialPacket } from './trial/run.ts'

const PACK = join(import.meta.dirname, '..', '..', '..', '..', 'rules', 'industrial.rules')
const engine = new SignatureEngine(compileRules([{ file: PACK, text: readFileSync(PACK, 'utf8') }]))

/** What honest plants say: the lab's fleet, and others whose words come near to those of the rules. */
const HONEST: readonly Parameters<typeof trialPacket>[0][] = [
  {
    connect: { clientid: 'pump-1', will: { topic: 'mill-3/pump-1/status', message: '{"online":false}', retain: true } },
  },
  { connect: { clientid: 'mosq-Xk3/7', username: 'historian', password: 'a long one of its own' } },
  { subscribe: { topics: ['mill-3/pump-1/set'] } },
  { subscribe: { topics: ['mill-3/+/telemetry', 'spBv1.0/mill-3/#'] } },
  {
    publish: {
      topic: 'mill-3/level-1/telemetry',
      message: '{"n":1,"ts":1764301234567,"device":"level-1","value":1.5,"unit":"m"}',
    },
  },
  { publish: { topic: 'mill-3/pump-1/state', message: '{"on":true,"mode":"auto","restarts":3}', retain: true } },
  { publish: { topic: 'mill-3/pump-1/set', message: '{"speed":0.75,"why":"level low; see alarm"}', qos: 1 } },
  { publish: { topic: 'mill-3/level-1/alarm', message: '{"limit":"high","active":true,"enabled":true}', qos: 1 } },
  {
    publish: { topic: 'mill-3/controller-1/state', message: '{"mode":"emergency","interlock":"armed"}', retain: true },
  },
  {
    publish: { topic: 'spBv1.0/mill-3/NBIRTH/edge-1', hex: '08 c0 c4 07 12 1b 0a 13', message: 'Node Control/Rebirth' },
  },
  { publish: { topic: 'spBv1.0/STATE/host-1', message: '{"online":true}', retain: true } },
  { publish: { topic: 'zigbee2mqtt/lamp/set', message: '{"state":"ON"}' } },
  { publish: { topic: 'mill-3/gateway/log', message: 'user passed 3 checks or 4; select union A' } },
  { pingreq: {} },
  { disconnect: {} },
]

test('the pack is silent on an honest plant, said over an hour', () => {
  for (const version of [4, 5]) {
    const flow = new FlowMemory()
    for (let minute = 0; minute < 60; minute++) {
      for (const described of HONEST) {
        for (const down of [false, described.publish !== undefined]) {
          const packet = trialPacket({ ...described, version }, 'device', down)
          expect(engine.inspect(packet, flow, minute * 60_000), JSON.stringify(described)).toEqual([])
        }
      }
    }
  }
})
