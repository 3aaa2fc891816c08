import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian's own Python, for which its packages are; another one in PATH would not see them. */
const PYTHON = '/usr/bin/python3'
const PROTOC = '/usr/bin/protoc'
const PLUGIN = '/usr/bin/grpc_python_plugin'
const PACKAGES = ['python3-grpcio', 'protobuf-compiler', 'protobuf-compiler-grpc']

/** What generates the official Python classes and runs them. */
export interface PythonTools {
  readonly python: string
  readonly protoc: string
  /** protoc's plugin for service stubs. */
  readonly plugin: string
}

/** The tools, or why there are none. */
export function findPythonTools(): PythonTools | string {
  const absent = [PYTHON, PROTOC, PLUGIN].filter((file) => !existsSync(file))
  if (absent.length > 0) return `there is no ${absent.join(', no ')} (Debian's packages ${PACKAGES.join(', ')})`
  const { status } = spawnSync(PYTHON, ['-c', 'import grpc, google.protobuf'])
  if (status !== 0) return `${PYTHON} cannot import grpc (Debian's package python3-grpcio)`
  return { python: PYTHON, protoc: PROTOC, plugin: PLUGIN }
}

/** Like {@link findPythonTools}, but gets them where that is possible: as root on Debian. */
export function ensurePythonTools(): PythonTools | string {
  const found = findPythonTools()
  if (typeof found !== 'string') return found
  const apt = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!apt) return `${found}, and only root on Debian can install them`
  console.log('No gRPC for Python found: installing Debian’s …')
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  try {
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], options)
  } catch (error) {
    return `${found}, and apt-get could not install them: ${String(error)}`
  }
  return findPythonTools()
}
