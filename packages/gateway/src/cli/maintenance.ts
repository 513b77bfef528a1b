import type { Command } from 'commander'
import type { MaintenanceWindow } from '../lanes/maintenance.ts'
import { asked, type Cause, gatewayVerb, ordered, timeText, type Where } from './order.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs } from './verb.ts'

/** `ringwall maintenance`: times in which people work on devices, whose rhythm is then neither judged nor learned. */
export function maintenanceVerbs(program: Command): void {
  const group = program
    .command('maintenance')
    .description(
      'Times in which people work on devices: their rhythm is neither judged nor learned, their rates are wide.',
    )
  const list = gatewayVerb(group, {
    name: 'list',
    summary: 'List the windows that are open.',
    example: 'ringwall maintenance list',
    isDefault: true,
  })
  runs<Where>(list, (_, where) => show(where))
  const open = gatewayVerb(group, {
    name: 'open',
    summary: 'Open a window; it closes by itself.',
    example: "ringwall maintenance open --for 2h --devices 'pump-*' --reason 'new bearings'",
  })
    .requiredOption('--for <duration>', 'how long, such as 2h; a week at most')
    .requiredOption('--reason <text>', 'why; it is listed and logged')
    .requiredOption('--devices <globs>', "ids and globs, with commas between them; '*' for all")
  runs<Where & Cause & { devices: string }>(open, (_, options) => begin(options))
  const close = gatewayVerb(group, {
    name: 'close <id>',
    summary: 'Close a window before its time.',
    example: 'ringwall maintenance close m1',
  })
  runs<Where>(close, ([id], where) => end(id ?? '', where))
}

async function show(where: Where): Promise<Outcome> {
  const windows = (await asked(where, '/maintenance')) as readonly MaintenanceWindow[]
  const rows = windows.map(({ id, devices, until, owner, reason }) =>
    [id, devices.join(','), timeText(until), owner, reason].map(printable),
  )
  const text = rows.length === 0 ? 'No window is open.\n' : table([['id', 'devices', 'until', 'by', 'reason'], ...rows])
  return { status: 0, text, json: windows }
}

async function begin({
  devices,
  reason,
  for: duration,
  ...where
}: Where & Cause & { devices: string }): Promise<Outcome> {
  const body = await ordered(where, '/maintenance/open', { devices, for: duration, reason })
  const { id, until } = body as MaintenanceWindow
  return { status: 0, text: `Open: ${id} for ${printable(devices)} until ${timeText(until)}.\n`, json: body }
}

async function end(id: string, where: Where): Promise<Outcome> {
  const body = await ordered(where, '/maintenance/close', { id })
  return { status: 0, text: `Closed: ${printable(id)}.\n`, json: body }
}
