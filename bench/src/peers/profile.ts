import { deviceId } from '../base/certificates.ts'
import { reading } from '../load/frames.ts'

/** So many of the benches' devices have it: a law is compiled for each. */
const DEVICES = 64

const reading0 = JSON.parse(reading(0).toString('latin1')) as { unit: string }

/** The profile of the machines that all benches speak as: every field of `reading` with its range, two with a limit of change, four tied by a law. */
export const PROFILE = {
  '@context': [
    'https://www.w3.org/2022/wot/td/v1.1',
    { mqv: 'http://www.example.org/mqtt-binding#', rw: 'urn:ringwall:ns:profile:1#' },
  ],
  id: 'urn:ringwall:profile:bench',
  title: 'A machine of the benches',
  securityDefinitions: { tls: { scheme: 'auto' } },
  security: 'tls',
  'rw:devices': Array.from({ length: DEVICES }, (_, index) => deviceId(index)),
  properties: {
    telemetry: {
      type: 'object',
      properties: {
        t: { type: 'integer', minimum: 0 },
        temperature: measured('Cel', -20, 120, 'temperature', 5),
        pressure: measured('bar', 0, 10, 'pressure', 2),
        vibration: measured('mm/s', 0, 1),
        rpm: measured('rpm', 0, 3000, 'rpm'),
        power: measured('kW', 0, 30, 'power'),
        state: { enum: ['run', 'stop'], 'rw:name': 'state' },
        unit: { const: reading0.unit },
      },
      required: ['t', 'temperature', 'pressure', 'vibration', 'rpm', 'power', 'state', 'unit'],
      additionalProperties: false,
      forms: [
        {
          href: 'mqtts://gateway:8883',
          op: 'observeproperty',
          contentType: 'application/json',
          'mqv:controlPacket': 'subscribe',
          'mqv:topic': 'plant/${device}/telemetry',
        },
      ],
    },
  },
  'rw:invariants': [
    {
      name: 'power follows speed and pressure',
      on: ['${device}/power'],
      values: {
        power: '${device}/power',
        rpm: '${device}/rpm',
        pressure: '${device}/pressure',
        state: '${device}/state',
      },
      when: "state == 'run'",
      residual: 'power - 0.00122 * rpm * pressure',
      tolerance: 0.5,
      unit: 'kW',
    },
  ],
}

/** A reading within its range; with a name where a law or a limit of change speaks of it. */
function measured(unit: string, minimum: number, maximum: number, name?: string, perSecond?: number): object {
  const change = perSecond === undefined ? {} : { 'rw:change': { perSecond, slack: perSecond } }
  return { type: 'number', minimum, maximum, unit, ...(name === undefined ? {} : { 'rw:name': name }), ...change }
}
