import { readFileSync } from 'node:fs'
import { alarmsVerb } from './cli/alarms.ts'
import { caVerb } from './cli/ca.ts'
import { checkVerb } from './cli/check.ts'
import { demoVerb } from './cli/demo.ts'
import { explainVerb } from './cli/explain.ts'
import { inspectVerb } from './cli/inspect.ts'
import { profileVerb } from './cli/profile.ts'
import { rulesVerb } from './cli/rules.ts'
import { scenariosVerb } from './cli/scenarios.ts'
import { steerVerbs } from './cli/steer.ts'
import { upVerb } from './cli/up.ts'
import { createProgram, run } from './cli/verb.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const program = createProgram(version)
for (const add of [
  upVerb,
  steerVerbs,
  explainVerb,
  inspectVerb,
  checkVerb,
  profileVerb,
  rulesVerb,
  caVerb,
  demoVerb,
  alarmsVerb,
  scenariosVerb,
])
  add(program)
process.exitCode = await run(program, process.argv.slice(2))
