import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileRules } from '../signature/index.ts'
import { rulesVerb } from './rules.ts'
import { printedBy } from './verb.testkit.ts'

let folder: string
const at = (name: string) => join(folder, name)
const ringwall = (...args: string[]) => printedBy([rulesVerb], args)
const SCRIPT = join(import.meta.dirname, '..', '..', 'bin', 'ringwall.mjs')
const PACK = join(import.meta.dirname, '..', '..', '..', '..', 'rules', 'industrial.rules')

const RULE = 'alert mqtt any any -> any any (msg:"pump"; mqtt.publish.topic; content:"pump"; sid:1;)\n'
const trial = (fires: string, silent: string, sid = 1) =>
  `trials:\n  - sid: ${sid}\n    fires: [{ publish: { topic: ${fires} } }]\n    silent: [{ publish: { topic: ${silent} } }]\n`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-rules-'))
  writeFileSync(at('good.rules'), RULE)
  writeFileSync(at('good.tests.yaml'), trial('pump/a', 'plant/a'))
  writeFileSync(at('bare.rules'), RULE)
  writeFileSync(at('wrong.rules'), RULE)
  writeFileSync(at('wrong.tests.yaml'), `${trial('plant/a', 'pump/a')}${trial('a', 'b', 9).replace('trials:\n', '')}`)
  writeFileSync(at('broken.rules'), `${RULE}alert mqtt any any -> any any (mqtt.publish.topik; sid:2;)\n`)
  writeFileSync(
    at('never.rules'),
    'alert mqtt any any -> any any (mqtt.type:AUTH; mqtt.qos:0; flow:not_established; sid:3;)\n',
  )
  writeFileSync(at('home.rules'), 'alert mqtt $PLANT any -> any any (mqtt.type:AUTH; sid:4;)\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('check says good, warns of what never fires, and names what is wrong', async () => {
  expect(await ringwall('rules', 'check', at('good.rules'))).toMatchObject({ status: 0, out: '1 rule: good\n' })
  const never = await ringwall('rules', 'check', at('never.rules'))
  expect(never.status).toBe(1)
  expect(never.out).toContain('warning rule_never_fires')
  const broken = await ringwall('rules', 'check', at('broken.rules'))
  expect(broken.status).toBe(2)
  expect(broken.out).toContain(`where  ${at('broken.rules')}:2:32`)
  expect(broken.out).toContain('Did you mean mqtt.publish.topic?')
  expect((await ringwall('rules', 'check', at('none.rules'))).out).toContain('rules_unreadable')
  expect((await ringwall('rules', 'check', at('none*.rules'))).out).toContain('rules_none')
})

test.each([
  ['check', 0, '1 rule: good'],
  ['list', 0, 'pump'],
])('%s reads standard input for -', (verb, status, said) => {
  const [script, args] = [SCRIPT, ['rules', verb, '-']]
  const done = spawnSync(process.execPath, [script, ...args], { input: RULE, encoding: 'utf8' })
  expect(done).toMatchObject({ status, stdout: expect.stringContaining(said) })
  const broken = spawnSync(process.execPath, [script, ...args], { input: `${RULE}alert mqtt\n`, encoding: 'utf8' })
  expect(broken).toMatchObject({ status: 2, stdout: expect.stringContaining('where  <stdin>:2:') })
})

test('where no file is named, those below the working directory are meant, else those that come with Ringwall', () => {
  mkdirSync(at('elsewhere/rules'), { recursive: true })
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [SCRIPT, ...args], { cwd: at('elsewhere'), encoding: 'utf8' })
  expect(run('rules', 'test').stdout).toMatch(/^(\d\d+) of \1 rules have/)
  expect(run('rules', 'scenarios', 'test')).toMatchObject({ status: 0, stdout: expect.stringContaining('good') })
  writeFileSync(at('elsewhere/rules/own.rules'), RULE)
  expect(run('rules', 'check').stdout).toBe('1 rule: good\n')
})

test('text that is not UTF-8, files without an end and rules without end are refused', async () => {
  writeFileSync(at('latin.rules'), Buffer.from(`${RULE}# caf\u00e9\n`, 'latin1'))
  writeFileSync(at('wide.rules'), Buffer.from(`\ufeff${RULE}`, 'utf16le'))
  writeFileSync(at('marked.rules'), `\ufeff${RULE}`)
  writeFileSync(at('endless.rules'), RULE.replace('content:"pump";', 'content:"pump"; '.repeat(1_001)))
  expect((await ringwall('rules', 'check', at('latin.rules'))).out).toContain('is not UTF-8: see line 2')
  expect((await ringwall('rules', 'check', at('wide.rules'))).out).toContain('is UTF-16')
  expect((await ringwall('rules', 'check', at('marked.rules'))).status).toBe(0)
  expect((await ringwall('rules', 'check', at('endless.rules'))).out).toContain('more than 1000 options')
  expect((await ringwall('rules', 'check', '/dev/zero')).out).toContain('has over 4194304 bytes')
})

test.each(['FOO', '=1', 'FOO=', 'a b=1'])('--var %s is refused', async pair => {
  expect(await ringwall('rules', 'check', at('good.rules'), '--var', pair)).toMatchObject({ status: 2 })
})

test('variables come from the command line', async () => {
  expect((await ringwall('rules', 'check', at('home.rules'))).out).toContain('rule_variable')
  expect(await ringwall('rules', 'check', at('home.rules'), '--var', 'PLANT=[10.0.0.0/8]')).toMatchObject({ status: 0 })
})

test('list names the rules in the order in which they are judged', async () => {
  const { out } = await ringwall('rules', 'list', at('good.rules'))
  expect(out).toMatch(/^sid {2}rev {2}action .*message\n1 {4}0 {4}alert .*pump\n$/)
  expect(JSON.parse((await ringwall('rules', 'list', '--json', at('good.rules'))).out)).toMatchObject([{ sid: 1 }])
})

test('test counts rules that have both packets, and fails without', async () => {
  const sum = (covered: number) => `${covered} of 1 rules have a packet that fires them and a near miss that does not\n`
  expect(await ringwall('rules', 'test', at('good.rules'))).toMatchObject({ status: 0, out: sum(1) })
  const bare = await ringwall('rules', 'test', at('bare.rules'))
  expect(bare.status).toBe(1)
  expect(bare.out).toBe(`FAILED sid 1 (pump): it has no trial\n  where  ${at('bare.rules')}:1\n${sum(0)}`)
  const wrong = await ringwall('rules', 'test', at('wrong.rules'))
  expect(wrong.status).toBe(1)
  expect(wrong.out).toContain(`FAILED sid 1 (pump): what should fire it does not\n  where  ${at('wrong.tests.yaml')}:2`)
  expect(wrong.out).toContain('FAILED sid 1 (pump): what is only near it fires it')
  expect(wrong.out).toContain('FAILED there is no rule with sid 9')
})

test.each([
  ['trials: [{ sid: 1, fires: [{ publish: { topik: a } }], silent: [{ pingreq: {} }] }]', 'config_unknown_key'],
  ['trials: [{ sid: 1, fires: [], silent: [{ pingreq: {} }] }]', 'config_out_of_range'],
  ['trials: [{ sid: 1, fires: [{ times: 3 }], silent: [{ pingreq: {} }] }]', 'trial_step'],
  ['trials: [{ sid: 1, fires: [{ packet: "c0 00", pingreq: {} }], silent: [{ pingreq: {} }] }]', 'trial_step'],
  ['trials: [{ sid: 1, fires: [{ packet: "c0 0" }], silent: [{ pingreq: {} }] }]', 'config_bad_value'],
])('%s is refused: %s', async (text, code) => {
  writeFileSync(at('odd.rules'), RULE)
  writeFileSync(at('odd.tests.yaml'), text)
  const { status, out } = await ringwall('rules', 'test', at('odd.rules'))
  expect(status).toBe(2)
  expect(out).toContain(`error ${code}`)
  expect(out).toContain(`where  ${at('odd.tests.yaml')}:1:`)
})

/** The techniques of ATT&CK for ICS that the pack may name. */
const TECHNIQUES =
  'T0800 T0801 T0802 T0803 T0804 T0805 T0806 T0807 T0809 T0811 T0812 T0813 T0814 T0815 T0816 T0817 T0819 T0820 T0821 T0822 T0823 ' +
  'T0826 T0827 T0828 T0829 T0830 T0831 T0832 T0834 T0835 T0836 T0837 T0838 T0839 T0840 T0842 T0843 T0845 T0846 T0847 T0848 ' +
  'T0849 T0851 T0852 T0853 T0857 T0858 T0859 T0860 T0861 T0862 T0863 T0864 T0865 T0866 T0867 T0868 T0869 T0871 T0872 T0873 ' +
  'T0874 T0877 T0878 T0879 T0880 T0881 T0882 T0883 T0884 T0885 T0886 T0887 T0888 T0889 T0890 T0891 T0892 T0893 T0894 T0895'

test('every rule of the pack is tried, tagged with a technique that exists, and of its range of sids', async () => {
  const { status, out } = await ringwall('rules', 'test', PACK)
  expect(out).toMatch(/^(\d+) of \1 rules/)
  expect(status).toBe(0)
  const { rules, warnings } = compileRules([{ file: PACK, text: readFileSync(PACK, 'utf8') }])
  expect(rules.length).toBeGreaterThanOrEqual(30)
  expect(warnings).toEqual([])
  for (const rule of rules) {
    const techniques = rule.metadata.filter(({ key }) => key === 'attack_ics').map(({ value }) => value)
    expect(TECHNIQUES.split(' '), rule.message).toEqual(expect.arrayContaining(techniques))
    expect(techniques.length).toBeGreaterThan(0)
    expect(rule.sid >= 1_883_001 && rule.sid <= 1_883_099).toBe(true)
    expect(rule.classtype).not.toBe('')
  }
})
