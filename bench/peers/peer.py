"""PyTorch's side of the bench: peer.py MODEL JOB THREADS, then `job` or `forward` a line on stdin, each answered by a line of JSON with milliseconds and
the process' largest memory in MiB, `null` where the libraries cannot. Jobs have the names of bench/jobs.ts and are in the other files here."""
import json, resource, sys, warnings

warnings.filterwarnings("ignore")
# Libraries print warnings: they must not mix with the answers.
answers, sys.stdout = sys.stdout, sys.stderr
name, job, threads = sys.argv[1:4]

import torch
import attack, deletion, explainers, manipulation, nets

torch.set_num_threads(int(threads))
torch.manual_seed(0)


def prepare(what):
    if what == "forward":
        return nets.forward(nets.load(name))
    for library in (explainers, manipulation, attack, deletion):
        if job in library.jobs:
            return library.jobs[job](name)
    return None


def answer(what):
    if what == "hello":
        return {"name": "PyTorch " + torch.__version__.split("+")[0]}
    if what not in prepared:
        prepared[what] = prepare(job if what == "job" else what)
    if prepared[what] is None:
        return None
    wall, processor = nets.timed(prepared[what])
    return {"wall": wall, "processor": processor, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


prepared = {}
for line in map(str.strip, sys.stdin):
    try:
        reply = answer(line)
    except Exception as error:
        print(f"{name}, {job}: {error!r}", file=sys.stderr)
        reply = None
    print(json.dumps(reply), file=answers, flush=True)
