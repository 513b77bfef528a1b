import type { Counts, Verdict } from '../contract/index.ts'
import type { Alarm } from '../evidence/alarm.ts'

/** A verdict with what a test cares about. */
export function verdict(parts: Partial<Verdict> = {}): Verdict {
  return {
    id: '0-0',
    time: 1_700_000_000_000,
    decision: 'refuse',
    findings: [{ guard: 'access', code: 'publish_denied', severity: 'high', clause: 'roles', why: 'it may not' }],
    device: 'pump-1',
    direction: 'up',
    action: 'publish',
    address: 'plant/x',
    bytes: Uint8Array.of(0x30, 0xff),
    length: 2,
    peer: '192.0.2.1:5000',
    ...parts,
  }
}

/** Counts that are all the same number. */
export function totals(each: number): Counts {
  return {
    accepted: each,
    acts: each,
    awaited: each,
    forwarded: each,
    delivered: each,
    refused: each,
    throttled: each,
    bytesUp: each,
    bytesDown: each,
  }
}

/** An alarm with what a test cares about. */
export function alarm(parts: Partial<Alarm> = {}): Alarm {
  return {
    scenario: 'flood',
    technique: 'T0814',
    severity: 'high',
    subject: 'pump-1',
    device: 'pump-1',
    address: '192.0.2.1',
    topic: 'plant/x',
    time: 1_700_000_002_000,
    began: 1_700_000_000_000,
    why: 'pump-1 said too much',
    figures: { count: 4 },
    labels: [],
    happenings: [],
    ...parts,
  }
}
