"""Golden values of Student's t: SciPy 1.x, float64. python3 tests/golden/student_t.py > tests/golden/student_t.json"""
import json
from scipy import stats

tails = [
    {"t": t, "freedom": n, "tails": 2 * stats.t.sf(abs(t), n)}
    for t in (0.0, 0.1, -0.7, 1.0, 2.5, 6.0, 40.0)
    for n in (1, 2, 3, 4, 5, 9, 10, 29, 100)
]
critical = [
    {"tails": q, "freedom": n, "t": stats.t.isf(q / 2, n)}
    for q in (0.5, 0.1, 0.05, 0.01, 0.001)
    for n in (1, 2, 3, 4, 5, 9, 10, 29, 100)
]
before = [0.712, 0.695, 0.731, 0.704, 0.718]
after = [0.725, 0.699, 0.729, 0.721, 0.733]
test = stats.ttest_rel(after, before)
low, high = test.confidence_interval(0.9)
alone = stats.t.interval(0.95, 4, loc=sum(after) / 5, scale=stats.sem(after))
print(json.dumps({
    "origin": "scipy " + __import__("scipy").__version__,
    "tails": tails,
    "critical": critical,
    "paired": {"before": before, "after": after, "t": test.statistic, "p": test.pvalue, "low": low, "high": high},
    "interval": {"low": alone[0], "high": alone[1]},
}, indent=1))
