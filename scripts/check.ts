import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { LONGEST, tooLong } from './lengths.ts'
import { judgeCheckout } from './walls.ts'

/** What one check found: nothing to say where it is content. */
interface Outcome {
  readonly ok: boolean
  readonly report: string
}

const root = dirname(import.meta.dirname)

const CHECKS: Record<string, () => Promise<Outcome>> = {
  types: () => tool('tsc', ['--pretty', 'false']),
  'lint and format': () => tool('biome', ['check', '--error-on-warnings']),
  walls: async () =>
    listed(judgeCheckout(root).map(({ path, line, rule, advice }) => `${path}:${line} ${rule}: ${advice}`)),
  lengths: async () =>
    listed(tooLong(root).map(({ path, lines }) => `${path} has ${lines} lines, over ${LONGEST}: split it`)),
}

const outcomes = await Promise.all(
  Object.entries(CHECKS).map(async ([name, check]) => {
    const started = performance.now()
    const { ok, report } = await check()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${report === '' ? '' : `\n${report}`}`)
    return ok
  }),
)
if (outcomes.includes(false)) process.exitCode = 1

function tool(name: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', name), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', code => {
      const ok = code === 0
      resolve({ ok, report: ok ? '' : Buffer.concat(chunks).toString().trimEnd() })
    })
  })
}

async function listed(lines: string[]): Promise<Outcome> {
  return { ok: lines.length === 0, report: lines.map(line => `  ${line}`).join('\n') }
}
