import { CONTROLLER, instruments, type LabRole } from './devices.ts'

/** Topic filters by what may be done; `${site}` and `${device}` stand for the speaker's own. */
export interface RoleRules {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  readonly receive: readonly string[]
}

const reports = ['${site}/+/telemetry', '${site}/+/state']
const overview = [...reports, '${site}/+/alarm', '${site}/+/status']
const orders = ['${site}/${device}/set']
const driven = instruments.filter(({ role }) => role === 'actuator').map(({ device }) => `\${site}/${device}/set`)

/** What the lab's fleet needs and no more, in the shape of the gateway's `roles`. */
export const labRoles: Readonly<Record<LabRole, RoleRules>> = {
  sensor: {
    publish: ['${site}/${device}/telemetry', '${site}/${device}/alarm', '${site}/${device}/status'],
    subscribe: [],
    receive: [],
  },
  actuator: {
    publish: ['${site}/${device}/telemetry', '${site}/${device}/state', '${site}/${device}/status'],
    subscribe: orders,
    receive: orders,
  },
  controller: {
    publish: [...driven, '${site}/${device}/state', '${site}/${device}/status'],
    subscribe: [...reports, ...orders],
    receive: [...reports, ...orders],
  },
  edge: {
    publish: [
      ...['NBIRTH', 'NDATA', 'NDEATH'].map(kind => `spBv1.0/\${site}/${kind}/\${device}`),
      ...['DBIRTH', 'DDATA', 'DDEATH'].map(kind => `spBv1.0/\${site}/${kind}/\${device}/+`),
    ],
    subscribe: [],
    receive: [],
  },
  operator: {
    publish: [`\${site}/${CONTROLLER}/set`, '${site}/${device}/status'],
    subscribe: overview,
    receive: overview,
  },
}
