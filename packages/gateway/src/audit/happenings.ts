import type { Severity } from '../contract/index.ts'

/** The version of OCSF that entries speak: the first one that has Application Error. */
export const OCSF_VERSION = '1.4.0'

/** How an entry is told in OCSF. */
export interface Meaning {
  /** Class and activity of OCSF. */
  readonly classUid: number
  readonly className: string
  readonly activityId: number
  readonly activity: string
  readonly severity: Severity
  /** Whose part of a minute's room it takes: see `Bounds`. */
  readonly room: 'devices' | 'strangers' | 'gateway' | 'free'
}

const finding = (severity: Severity): Meaning => meaning(2004, 'Detection Finding', 1, 'Create', severity, 'devices')
const update = (severity: Severity): Meaning => meaning(3004, 'Entity Management', 3, 'Update', severity, 'free')
const lifecycle = (activityId: number, activity: string): Meaning =>
  meaning(6002, 'Application Lifecycle', activityId, activity, 'info', 'free')
const trouble = (severity: Severity): Meaning =>
  meaning(6008, 'Application Error', 1, 'General Error', severity, 'free')
const base = (severity: Severity): Meaning => meaning(0, 'Base Event', 99, 'Other', severity, 'free')
const remedy = (uid: number, activityId: number, activity: string): Meaning =>
  meaning(
    uid,
    uid === 7001 ? 'Remediation Activity' : 'Network Remediation Activity',
    activityId,
    activity,
    'medium',
    'gateway',
  )

/**
 * All that the ledger tells of, and what each is in OCSF: the one table from our happenings to its classes. `free` ones come at the
 * word of whoever runs the gateway, or once; no device can bring them about in numbers.
 */
export const HAPPENINGS = {
  refuse: finding('medium'),
  disconnect: finding('medium'),
  throttle: finding('low'),
  flag: finding('low'),
  hold: finding('medium'),
  alarm: { ...finding('high'), room: 'gateway' },
  score: { ...finding('low'), room: 'gateway' },
  turned_away: meaning(4001, 'Network Activity', 5, 'Refuse', 'low', 'strangers'),
  opened: meaning(4001, 'Network Activity', 1, 'Open', 'info', 'devices'),
  closed: meaning(4001, 'Network Activity', 2, 'Close', 'info', 'devices'),
  connack: meaning(3002, 'Authentication', 1, 'Logon', 'info', 'devices'),
  // Network Activity wants an endpoint, and a batch has many.
  allowed: base('info'),
  trimmed: base('info'),
  pruned: base('medium'),
  counts: base('info'),
  configuration: update('medium'),
  configuration_refused: { ...update('medium'), room: 'gateway' },
  roles: update('high'),
  rules: update('high'),
  bypass_on: update('critical'),
  bypass_off: update('medium'),
  bypass_over: update('medium'),
  promotion: update('medium'),
  approval: update('medium'),
  block: remedy(7004, 1, 'Isolate'),
  unblock: remedy(7004, 3, 'Restore'),
  posture: remedy(7001, 4, 'Harden'),
  order_disconnect: remedy(7001, 2, 'Evict'),
  order: update('medium'),
  start: lifecycle(3, 'Start'),
  stop: lifecycle(4, 'Stop'),
  crash: trouble('high'),
  degraded: trouble('high'),
  held_up: trouble('high'),
  unwitnessed: { ...trouble('critical'), room: 'gateway' },
} as const satisfies Readonly<Record<string, Meaning>>

export type Happened = keyof typeof HAPPENINGS

/** What is known of a kind; a kind that this version does not know is an order. */
export function meaningOf(kind: Happened): Meaning {
  return HAPPENINGS[kind]
}

export function isHappened(kind: string): kind is Happened {
  return Object.hasOwn(HAPPENINGS, kind)
}

function meaning(
  classUid: number,
  className: string,
  activityId: number,
  activity: string,
  severity: Severity,
  room: Meaning['room'],
): Meaning {
  return { classUid, className, activityId, activity, severity, room }
}
