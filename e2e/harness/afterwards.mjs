// Cleaning up after a test: everything, last things first, even if a part of it fails.

/** @typedef {() => unknown} Task */

/** @type {WeakMap<object, Task[]>} */
const tasksOf = new WeakMap();

/**
 * Runs `task` after the test. Unlike with `test.after` alone, a task that fails does not keep the next from running.
 *
 * @param {import('node:test').TestContext} test
 * @param {Task} task
 */
export function afterwards(test, task) {
  const known = tasksOf.get(test);
  if (known) return void known.push(task);
  const tasks = [task];
  tasksOf.set(test, tasks);
  test.after(async () => {
    const failures = [];
    for (const next of tasks.reverse()) {
      try {
        await next();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('\n'));
  });
}
