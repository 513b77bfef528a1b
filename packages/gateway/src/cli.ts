import about from '../package.json' with { type: 'json' }
import { caVerb } from './cli/ca.ts'
import { checkVerb } from './cli/check.ts'
import { demoVerb } from './cli/demo.ts'
import { explainVerb } from './cli/explain.ts'
import { upVerb } from './cli/up.ts'
import { createProgram, run } from './cli/verb.ts'

const program = createProgram(about.version)
for (const add of [upVerb, demoVerb, checkVerb, explainVerb, caVerb]) add(program)
process.exitCode = await run(program, process.argv.slice(2))
