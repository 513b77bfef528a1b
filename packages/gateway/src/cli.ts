import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { guardOutput } from './cli/standard-output.ts'
import { createProgram, run } from './cli/verb.ts'

type AddVerb = (program: Command) => void

/** The verbs in the order of the help. Only the one that is asked for is loaded: most need little of what the gateway is. */
const VERBS: readonly (readonly [names: readonly string[], load: () => Promise<AddVerb>])[] = [
  [['up'], async () => (await import('./cli/up.ts')).upVerb],
  [['reload', 'stop'], async () => (await import('./cli/steer.ts')).steerVerbs],
  [['explain'], async () => (await import('./cli/explain.ts')).explainVerb],
  [['alarms'], async () => (await import('./cli/alarms.ts')).alarmsVerb],
  [['inspect'], async () => (await import('./cli/inspect.ts')).inspectVerb],
  [['check'], async () => (await import('./cli/check.ts')).checkVerb],
  [['profile'], async () => (await import('./cli/profile.ts')).profileVerb],
  [['rules'], async () => (await import('./cli/rules.ts')).rulesVerb],
  // Adds to the verb that stands before it.
  [['rules'], async () => (await import('./cli/scenarios.ts')).scenariosVerb],
  [['replay'], async () => (await import('./cli/replay.ts')).replayVerb],
  [['record'], async () => (await import('./cli/record.ts')).recordVerb],
  [['whatif'], async () => (await import('./cli/whatif.ts')).whatifVerb],
  [['block', 'unblock', 'blocks'], async () => (await import('./cli/block.ts')).blockVerbs],
  [['bypass'], async () => (await import('./cli/bypass.ts')).bypassVerb],
  [['posture', 'disconnect'], async () => (await import('./cli/posture.ts')).postureVerbs],
  [['rhythm'], async () => (await import('./cli/rhythm.ts')).rhythmVerbs],
  [['maintenance'], async () => (await import('./cli/maintenance.ts')).maintenanceVerbs],
  [['audit'], async () => (await import('./cli/audit.ts')).auditVerb],
  [['seals'], async () => (await import('./cli/seals.ts')).sealsVerb],
  [['ca'], async () => (await import('./cli/ca.ts')).caVerb],
  [['ledger'], async () => (await import('./cli/ledger.ts')).ledgerVerbs],
  [['witness'], async () => (await import('./cli/witness.ts')).witnessVerbs],
  [['learn'], async () => (await import('./cli/learn.ts')).learnVerb],
  [['demo'], async () => (await import('./cli/demo.ts')).demoVerb],
]

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const program = createProgram(version)
const args = process.argv.slice(2)
const asked = VERBS.filter(([names]) => names.includes(args[0] ?? ''))
// The help, and a name that is mistaken, are about all of them.
for (const [, load] of asked.length > 0 ? asked : VERBS) (await load())(program)
const isBroken = guardOutput()
const status = await run(program, args)
process.exitCode = isBroken() ? 2 : status
