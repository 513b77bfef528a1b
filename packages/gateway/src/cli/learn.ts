import type { Command } from 'commander'
import { attackVerb } from './learn-attack.ts'
import { changeVerb } from './learn-change.ts'
import { classifyVerb, fitVerb } from './learn-classify.ts'
import { exportVerb, reportVerb } from './learn-export.ts'
import { hardenVerb } from './learn-harden.ts'
import { sanitizeVerb } from './learn-sanitize.ts'
import { seriesVerb } from './learn-series.ts'
import { sessionsVerb } from './learn-sessions.ts'
import { spoofVerb } from './learn-spoof.ts'
import { watermarkVerb } from './learn-watermark.ts'

/** `ringwall learn`: models from tables, without a gateway. */
export function learnVerb(program: Command): void {
  const learn = program.command('learn').description('Learn from tables (CSV) and judge them, without a gateway.')
  seriesVerb(learn)
  fitVerb(learn)
  classifyVerb(learn)
  changeVerb(learn)
  sanitizeVerb(learn)
  attackVerb(learn)
  hardenVerb(learn)
  spoofVerb(learn)
  sessionsVerb(learn)
  exportVerb(learn)
  reportVerb(learn)
  watermarkVerb(learn)
}
