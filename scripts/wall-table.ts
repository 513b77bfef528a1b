/** What one room or package may import. `types` may be imported as types only. */
export interface Wall {
  readonly rooms: readonly string[]
  readonly types?: readonly string[]
  /** Workspace packages by name. Absent: any. */
  readonly packages?: readonly string[]
  /** Packages from npm. Absent: allowed. */
  readonly npm?: boolean
  /** Node's own modules. Absent: allowed. */
  readonly builtins?: boolean
}

const BENEATH = [
  'contract',
  'base',
  'lanes',
  'posture',
  'profile',
  'keys',
  'registry',
  'store',
  'config',
  'signature',
  'seals',
]
const STRAIGHT = ['gate', 'identity', 'session', 'guards', 'upstream', 'path']
const SIDEWAYS = ['evidence', 'detect', 'respond', 'audit', 'desk']
const EVERY_ROOM = [
  ...BENEATH,
  ...STRAIGHT,
  ...SIDEWAYS,
  'recording',
  'worker',
  'hindsight',
  'replay',
  'demo',
  'cli',
  'gateway.ts',
  'cli.ts',
]

const beneath: Wall = { rooms: BENEATH }
const straight: Wall = { rooms: BENEATH, packages: ['@ringwall/wire', '@ringwall/proof'] }
const sideways: Wall = { rooms: [...BENEATH, 'evidence'] }

/** The rooms of packages/gateway/src: who may look at whom. A room may always import itself. */
export const ROOMS: Readonly<Record<string, Wall>> = {
  contract: { rooms: [], packages: [], npm: false, builtins: false },
  base: { rooms: [], packages: [] },
  lanes: beneath,
  posture: beneath,
  profile: beneath,
  keys: beneath,
  registry: beneath,
  store: beneath,
  config: beneath,
  signature: beneath,
  seals: beneath,

  gate: straight,
  identity: straight,
  session: straight,
  guards: straight,
  upstream: straight,
  path: { ...straight, types: ['guards', 'session', 'upstream'] },

  recording: { rooms: BENEATH, packages: ['@ringwall/wire'] },
  evidence: sideways,
  detect: sideways,
  respond: sideways,
  audit: sideways,
  desk: sideways,

  worker: { rooms: [...BENEATH, ...STRAIGHT, 'evidence', 'recording'] },
  hindsight: { rooms: [...BENEATH, ...STRAIGHT, 'recording', 'worker'] },
  // Puts the guards together as a worker does, and scenarios beside them, for what a capture shows.
  replay: { rooms: [...BENEATH, ...STRAIGHT, 'worker', 'evidence', 'detect'] },
  'gateway.ts': { rooms: EVERY_ROOM },
  demo: { rooms: [...BENEATH, 'desk', 'identity', 'path', 'upstream', 'gateway.ts'] },
  cli: { rooms: EVERY_ROOM },
  'cli.ts': { rooms: EVERY_ROOM },
}

/** The packages, by folder. One that is not named here may import any other. */
export const PACKAGES: Readonly<Record<string, Omit<Wall, 'rooms'>>> = {
  wire: { packages: [], npm: false, builtins: false },
  proof: { packages: [] },
  learn: { packages: [] },
  lab: { packages: ['@ringwall/wire', '@ringwall/proof', '@ringwall/learn', '@ringwall/device', '@ringwall/native'] },
  device: { packages: ['@ringwall/wire', '@ringwall/proof', '@ringwall/learn', '@ringwall/native'] },
}

/** The package whose rooms have walls. */
export const ROOMY_PACKAGE = 'gateway'
