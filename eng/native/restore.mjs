// Installs the native ONNX Runtime library below artifacts/, once per lock file:
//   node eng/native/restore.mjs TARGET_FOLDER
// Several builds may run this at once: each installs into a folder of its own and the first to finish gives it its final name.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2]);
const marker = join(target, 'node_modules', 'onnxruntime-node', 'package.json');

if (!existsSync(marker)) {
  const own = `${target}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(join(source, file), join(own, file));
    }

    // The package's own install script only fetches GPU parts.
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: own,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (npm.error || npm.status !== 0) {
      const reason = npm.error?.code === 'ENOENT' ? 'npm was not found' : (npm.stderr || npm.error?.message || '').trim();
      console.error(`error SLIPWAY1002: npm could not install the native library: ${reason}`);
      process.exitCode = 1;
    } else {
      try {
        renameSync(own, target);
      } catch (error) {
        if (!existsSync(marker)) {
          throw error;
        }
      }
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
