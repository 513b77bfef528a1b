#!/usr/bin/env node
import { Command } from 'commander'
import { RingwallError } from './base/error.ts'
import { demoVerb } from './cli/demo.ts'
import { upVerb } from './cli/up.ts'

const program = new Command('ringwall')
upVerb(program)
demoVerb(program)
try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof RingwallError ? error.message : error)
  process.exitCode = 2
}
