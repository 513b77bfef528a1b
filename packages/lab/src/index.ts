export type { Attack } from './attackers/attack.ts'
export { attacks } from './attackers/index.ts'
export type { AttackReport, AttackTrace, Expectation, Found, Named, Outcome } from './attackers/report.ts'
export { culprits, type LabRole, labDevices } from './fleet/devices.ts'
export { labRoles, type RoleRules } from './fleet/roles.ts'
export { enrollSealed, type KeyStores, sealedDevices } from './fleet/sealed.ts'
export type { Mode } from './plant/supervisor.ts'
export { forkLab } from './process.ts'
export { runLab } from './run.ts'
export { everyMode, type Order, undisturbed } from './script.ts'
export { type SimulateOptions, simulate } from './simulate.ts'
export type { SimulatedAct } from './simulated-bus.ts'
export type {
  AttackScore,
  Credentials,
  LabEvent,
  LabOptions,
  LabPhase,
  LedgerAccess,
  Limits,
  Scorecard,
  StoppedBy,
  Stopper,
} from './types.ts'
