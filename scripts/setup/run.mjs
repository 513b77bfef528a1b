import { spawn } from 'node:child_process'

const HEARTBEAT_MS = 10_000

/** Writes one line of progress for the person who waits. */
export function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

/**
 * Runs a command with its output on standard error and a line every ten seconds, so that silence never looks like a hang.
 * Resolves with the exit code; 127 where the command does not exist.
 */
export function run(title, command, args, env = process.env) {
  say(`${title} ...`)
  const started = Date.now()
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], env })
    const heartbeat = setInterval(() => say(`${title}: still at it after ${seconds()}`), HEARTBEAT_MS)
    const finish = code => {
      clearInterval(heartbeat)
      say(code === 0 ? `${title}: done in ${seconds()}` : `${title}: failed (exit ${code}) after ${seconds()}`)
      resolve(code)
    }
    child.once('error', () => finish(127))
    child.once('exit', code => finish(code ?? 1))
  })
}
