using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Tabular;

/// <summary>
/// Rows whose values lie on the thresholds of a forest's own trees and next to them, in binary64 and in binary32, where rounding one way too many sends a row down the wrong branch.
/// </summary>
[Trait("Category", "Slow")]
public sealed class TreeThresholdTests
{
    private const string Script = """
        import sys, json, joblib
        import numpy as np
        from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier, ExtraTreesClassifier, HistGradientBoostingClassifier
        from sklearn.tree import DecisionTreeClassifier
        rng = np.random.default_rng(int(sys.argv[2]))
        X = rng.normal(size=(400, 4)) * np.array([1, 1e-3, 1e6, 1])
        X[:, 3] = np.round(X[:, 3] * 4) / 4
        y = (X[:, 0] + X[:, 1] * 1e3 + X[:, 2] * 1e-6 + X[:, 3] > 0).astype(int) + (X[:, 0] > 1)
        kinds = {'forest': RandomForestClassifier(12, random_state=0), 'extra': ExtraTreesClassifier(12, random_state=0), 'tree': DecisionTreeClassifier(random_state=0),
                 'boosting': GradientBoostingClassifier(n_estimators=8, random_state=0), 'histogram': HistGradientBoostingClassifier(max_iter=8, random_state=0)}
        model = kinds[sys.argv[1]].fit(X, y)
        joblib.dump(model, 'model.pkl')
        points = [[] for _ in range(4)]
        if sys.argv[1] == 'histogram':
            for trees in model._predictors:
                for tree in trees:
                    for node in tree.nodes:
                        if not node['is_leaf']:
                            points[node['feature_idx']].append(node['num_threshold'])
        else:
            trees = [model] if sys.argv[1] == 'tree' else list(np.ravel(model.estimators_))
            for tree in trees:
                for feature, threshold in zip(tree.tree_.feature, tree.tree_.threshold):
                    if feature >= 0:
                        points[feature].append(threshold)
        rows = []
        for _ in range(1500):
            row = []
            for values in points:
                value = np.float64(rng.choice(values)) if values else np.float64(0)
                single = np.float32(value)
                row.append(float([value, np.nextafter(value, np.inf), np.nextafter(value, -np.inf), single, np.nextafter(single, np.float32(np.inf)),
                                  np.nextafter(single, np.float32(-np.inf)), value * (1 + 3e-8), value * (1 - 3e-8)][rng.integers(8)]))
            rows.append(row)
        rows = np.array(rows)
        singles = rows.astype(np.float32)
        json.dump({'FP64': {'rows': rows.tolist(), 'probabilities': model.predict_proba(rows).tolist()},
                   'FP32': {'rows': singles.astype(np.float64).tolist(), 'probabilities': model.predict_proba(singles).tolist()}}, open('expected.json', 'w'))
        """;

    [Theory]
    [InlineData("tree")]
    [InlineData("forest")]
    [InlineData("extra")]
    [InlineData("boosting")]
    [InlineData("histogram")]
    public async Task Values_at_and_next_to_a_threshold_go_where_scikit_learn_sends_them(string kind)
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("sklearn", "joblib"), "needs python3-sklearn and python3-joblib");
        for (int seed = 0; seed < 3; seed++)
        {
            using TemporaryFolder folder = new();
            (int exit, string output) = await PythonProcess.RunAsync(folder.Root, Script, kind, seed.ToString(CultureInfo.InvariantCulture));
            Assert.True(exit == 0, output);
            using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(folder.PathOf("expected.json"), TestContext.Current.CancellationToken));
            await using TabularServer server = await TabularServer.StartAsync(("model.pkl", await File.ReadAllBytesAsync(folder.PathOf("model.pkl"), TestContext.Current.CancellationToken)));
            foreach (string type in (string[])["FP64", "FP32"])
            {
                JsonElement part = expected.RootElement.GetProperty(type);
                double[][] rows = Matrix(part.GetProperty("rows"));
                double[] wanted = [.. Matrix(part.GetProperty("probabilities")).SelectMany(static row => row)];
                double[] given = await AskAsync(server, type, rows);
                Assert.Equal(wanted.Length, given.Length);
                int wrong = wanted.Zip(given, static (x, y) => Math.Abs(x - y) > 1e-6).Count(static differs => differs);
                Assert.True(wrong == 0, $"{kind} {type}: {wrong} of {wanted.Length} probabilities differ");

                // The same rows in other company, and in the other order, give the same answers, but for the last bit where the engine computes several at once.
                int width = wanted.Length / rows.Length;
                double[] split = [.. await AskAsync(server, type, rows[..1]), .. await AskAsync(server, type, rows[1..700]), .. await AskAsync(server, type, rows[700..])];
                Same(given, split);
                double[] reversed = await AskAsync(server, type, [.. rows.AsEnumerable().Reverse()]);
                Same(given, [.. reversed.Chunk(width).Reverse().SelectMany(static row => row)]);
            }
        }
    }

    private static void Same(double[] expected, double[] given)
    {
        Assert.Equal(expected.Length, given.Length);
        Assert.True(expected.Zip(given, static (x, y) => Math.Abs(x - y)).Max() < 1e-12);
    }

    private static async Task<double[]> AskAsync(TabularServer server, string type, double[][] rows)
    {
        StringBuilder body = new("""{"outputs":[{"name":"probabilities"}],"inputs":[{"name":"X","datatype":""");
        body.Append(CultureInfo.InvariantCulture, $"\"{type}\",\"shape\":[{rows.Length},{rows[0].Length}],\"data\":[");
        body.AppendJoin(',', rows.SelectMany(static row => row).Select(static value => value.ToString("R", CultureInfo.InvariantCulture))).Append("]}]}");
        using JsonDocument answer = JsonDocument.Parse(await server.PostAsync("v2/models/model/infer", body.ToString()));
        return [.. answer.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static value => value.GetDouble())];
    }

    private static double[][] Matrix(JsonElement list) => [.. list.EnumerateArray().Select(static row => row.EnumerateArray().Select(static value => value.GetDouble()).ToArray())];
}
