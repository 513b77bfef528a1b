import { LedgerReader } from '@ringwall/proof/files'
import { boundedServer, ledgerView } from '@ringwall/proof/http'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { serveUntilStopped } from './listening.ts'
import { runs, verb } from './verb.ts'

/** `ringwall ledger`: a ledger's folder for others to read. */
export function ledgerVerbs(program: Command): void {
  const ledger = program.command('ledger').description('Let others read a ledger.')
  const command = verb(ledger, {
    name: 'serve <dir>',
    summary:
      "Serve a ledger's checkpoint, tiles and entries over HTTP, read only, as clients of C2SP tlog-tiles ask for them.",
    example: 'ringwall ledger serve data/ledger --listen 127.0.0.1:8180',
  })
    .option('--listen <address>', 'where to listen; put TLS in front for others than this machine', '127.0.0.1:8180')
    .addHelpText('after', '\nWhoever reaches the address reads every entry. Until SIGINT or SIGTERM.')
  runs<{ listen: string }>(command, async ([dir = ''], { listen }) => {
    readable(dir)
    const stopped = await serveUntilStopped(boundedServer(ledgerView(dir)), listen, `${dir} is served`)
    return { status: 0, text: '', json: { stopped } }
  })
}

function readable(dir: string): void {
  try {
    new LedgerReader(dir, { published: true })
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new RingwallError('ledger_unreadable', what, 'Name the folder of a ledger.')
  }
}
