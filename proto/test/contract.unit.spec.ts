import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const proto = join(__dirname, '..');
const root = join(proto, '..');
const buf = require.resolve('@bufbuild/buf/bin/buf');

function runBuf(folder: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [buf, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Whether what the folder holds can take the place of the baseline: what buf says of it. */
function breaking(folder: string, scratch: string): { status: number | null; output: string } {
  const image = join(scratch, 'image.binpb');
  expect(runBuf(folder, 'build', '-o', image)).toMatchObject({ status: 0 });
  return runBuf(proto, 'breaking', image, '--against', 'baseline/emitter-v1.binpb');
}

describe('the contract', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'emitter-contract-'));
  });
  afterEach(() => {
    rmSync(scratch, { recursive: true });
  });

  it('passes buf lint', () => {
    expect(runBuf(proto, 'lint')).toEqual({ status: 0, output: '' });
  });

  it('breaks nothing that was published', () => {
    expect(breaking(proto, scratch)).toEqual({ status: 0, output: '' });
  });

  it('would be caught if it did', () => {
    const copy = join(scratch, 'proto');
    for (const part of ['buf.yaml', 'emitter', 'vendor']) {
      cpSync(join(proto, part), join(copy, part), { recursive: true });
    }
    const file = join(copy, 'emitter/v1/target.proto');
    writeFileSync(file, readFileSync(file, 'utf8').replace('int32 criticality = 2', 'string criticality = 2'));
    const { status, output } = breaking(copy, scratch);
    expect(status).not.toBe(0);
    expect(output).toContain('criticality');
  });

  it('has its generated code, descriptors and pages up to date (else: npm run generate)', () => {
    execFileSync(process.execPath, [join(root, 'scripts/generate.mjs'), '--into', scratch, '--contract']);
    for (const made of ['proto/src/generated', 'proto/descriptors.binpb', 'docs/interface.md']) {
      expect(tree(join(scratch, made))).toEqual(tree(join(root, made)));
    }
  });
});

/** Every file under a path, with its bytes. */
function tree(path: string): Map<string, string> {
  try {
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      files.map((file) => {
        const full = join(file.parentPath, file.name);
        return [full.slice(path.length), readFileSync(full, 'base64')];
      }),
    );
  } catch {
    return new Map([['', readFileSync(path, 'base64')]]);
  }
}
