import { type Command, Option } from 'commander'
import type { ReplayOptions } from './replay-arguments.ts'
import { runs, verb } from './verb.ts'

/** `ringwall replay`: judges a capture by the guards, signatures and scenarios that the gateway has. */
export function replayVerb(program: Command): void {
  const command = verb(program, {
    name: 'replay [captures...]',
    summary:
      'Judge a capture (pcap, pcapng, or - for standard input) as the gateway would have, and find attacks in it.',
    example: 'ringwall replay plant.pcapng --rules rules/*.rules',
  })
    .option('--rules <files...>', 'signatures: files or globs')
    .option('--scenarios <files...>', 'scenarios: files or globs')
    .option('--profiles <files...>', 'profiles of devices: files or globs')
    .option('--config <file>', 'a configuration, whose guards judge')
    .addOption(new Option('--map <how>', 'who spoke: `client-id` takes it for the device id').choices(['client-id']))
    .option('--role <names...>', 'roles that the devices are taken to have')
    .option('--eve [file]', 'write EVE JSON lines to a file, or to standard output (-)')
    .option('--eve-types <list>', 'which: mqtt, alert, anomaly, flow, ringwall; or all', 'mqtt,alert,anomaly')
    .option('--eve-strings <bytes>', 'longest text in EVE; 0 for all of it', '1024')
    .option('--no-passwords', 'leave passwords out of EVE')
    .option('--port <numbers...>', 'ports of MQTT servers besides 1883 and 8883')
    .option('--interface <name>', 'listen to a network interface instead, with tcpdump, until Ctrl-C')
    .option('--identity <file>', 'the age identity that opens recordings, which are judged as they were then')
    .option('--filter <expression>', 'what tcpdump takes from the interface', 'tcp')
    .addHelpText('after', AFTER)
  runs<ReplayOptions>(command, async (captures, options) => {
    const { replay } = await import('./replay-run.ts')
    return replay(captures, options)
  })
}

const AFTER = `
Without --rules, --scenarios, --profiles, --config and --eve, the rules and scenarios that come with Ringwall are taken.
Exit status: 0 nothing was found, 1 something was, 2 the capture or what it is to be judged by cannot be read.`
