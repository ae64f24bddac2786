/** cfn-lint finds nothing in the template, but for what `.cfnlintrc.yaml` has with a reason. It is run where it is installed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { everything } from './everything.ts'
import { unbundledApp } from './template.ts'

const ROOT = join(import.meta.dirname, '../..')

test('cfn-lint finds no error and no warning', (t) => {
  const { stdout: version } = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' })
  if (!/^cfn-lint ([2-9]|1\.[5-9]\d)/.test(version)) {
    t.diagnostic('cfn-lint 1.50 or later is not on the PATH (pip install cfn-lint): the template is not linted')
    return
  }
  const zones = ['rpc.example.org=public', 'fn.example.org=private:vpc-0abc1234']
  const templates = [{}, { ...everything, zones, taskNetwork: 'private' }].map(
    (settings) => unbundledApp(settings).synth().getStackByName('Namestream').templateFullPath,
  )
  const { status, stdout, stderr } = spawnSync('cfn-lint', ['--', ...templates], { cwd: ROOT, encoding: 'utf8' })
  assert.deepEqual([stdout, stderr, status], ['', '', 0], version)
})
