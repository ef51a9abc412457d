/** What a process shows under `/metrics`: `name{label="value",…}` with the labels in their order, and its value. */
export async function readMetrics(healthUrl: string): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${healthUrl}/metrics`);
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
  const samples = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
