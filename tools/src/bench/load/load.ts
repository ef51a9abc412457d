import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadReport, LoadSeen } from './plan.js';

const script = fileURLToPath(new URL('./generator.js', import.meta.url));

/** The process that makes the load, so that measuring takes no time from the bench itself. */
export class Load {
  private readonly child: ChildProcess = fork(script, { stdio: 'inherit' });

  /** The generator's process. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Makes the load and tells what was seen; rejects on the first answer that is not the expected one. */
  run(plan: LoadPlan): Promise<LoadSeen> {
    return new Promise((resolve, reject) => {
      this.child.once('message', (report: LoadReport) => {
        if ('seen' in report) resolve(report.seen);
        else reject(new Error(`${plan.method} ${plan.paths[0] ?? ''}: ${report.failed}`));
      });
      this.child.send(plan);
    });
  }

  close(): void {
    this.child.disconnect();
  }
}
