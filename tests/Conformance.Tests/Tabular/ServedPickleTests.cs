using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Tabular;

/// <summary>
/// The path of the tutorial: scikit-learn searches, joblib writes the best estimator, the file is put into a folder and asked over REST. The answers are those of scikit-learn.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ServedPickleTests
{
    private const double Tolerance = 1e-6;

    private const string Script = """
        import sys, json, joblib
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import GridSearchCV, train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC
        from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier, HistGradientBoostingClassifier
        X, y = load_breast_cancer(return_X_y=True)
        train, test, y_train, _ = train_test_split(X, y, random_state=0)
        searches = {
            'logistic': (make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)), {'logisticregression__C': [0.1, 1, 10]}),
            'svc': (make_pipeline(StandardScaler(), SVC(probability=True, random_state=0)), {'svc__C': [1, 10], 'svc__gamma': ['scale', 0.01]}),
            'forest': (RandomForestClassifier(random_state=0), {'n_estimators': [20, 50], 'max_depth': [4, None]}),
            'boosting': (GradientBoostingClassifier(random_state=0), {'n_estimators': [30], 'max_depth': [2, 3]}),
            'histogram': (HistGradientBoostingClassifier(random_state=0), {'max_iter': [30], 'max_leaf_nodes': [15, 31]}),
        }
        estimator, grid = searches[sys.argv[1]]
        search = GridSearchCV(estimator, grid, cv=3).fit(train, y_train)
        joblib.dump(search.best_estimator_, 'breast_cancer_model.pkl')
        joblib.dump(search, 'search.pkl', compress=3)
        best = search.best_estimator_
        json.dump({'rows': test.tolist(), 'labels': best.predict(test).tolist(), 'probabilities': best.predict_proba(test).tolist()}, open('expected.json', 'w'))
        """;

    [Theory]
    [InlineData("logistic")]
    [InlineData("svc")]
    [InlineData("forest")]
    [InlineData("boosting")]
    [InlineData("histogram")]
    public async Task The_best_estimator_of_a_search_answers_over_REST_as_it_did_in_Python(string kind)
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("sklearn", "joblib"), "needs python3-sklearn and python3-joblib");
        using TemporaryFolder folder = new();
        (int exit, string output) = await PythonProcess.RunAsync(folder.Root, Script, kind);
        Assert.True(exit == 0, output);

        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(folder.PathOf("expected.json"), TestContext.Current.CancellationToken));
        double[][] rows = Matrix(expected.RootElement.GetProperty("rows"));
        double[] probabilities = [.. Matrix(expected.RootElement.GetProperty("probabilities")).SelectMany(static row => row)];
        long[] labels = [.. expected.RootElement.GetProperty("labels").EnumerateArray().Select(static label => label.GetInt64())];
        await using TabularServer server = await TabularServer.StartAsync(
            ("breast_cancer_model.pkl", await File.ReadAllBytesAsync(folder.PathOf("breast_cancer_model.pkl"), TestContext.Current.CancellationToken)),
            ("search.pkl", await File.ReadAllBytesAsync(folder.PathOf("search.pkl"), TestContext.Current.CancellationToken)));
        foreach (string model in (string[])["breast_cancer_model", "search"])
        {
            StringBuilder body = new("""{"inputs":[{"name":"X","datatype":"FP64","shape":[""");
            body.Append(CultureInfo.InvariantCulture, $"{rows.Length},{rows[0].Length}],\"data\":[");
            body.AppendJoin(',', rows.SelectMany(static row => row).Select(static value => value.ToString("R", CultureInfo.InvariantCulture))).Append("]}]}");
            using JsonDocument answer = JsonDocument.Parse(await server.PostAsync($"v2/models/{model}/infer", body.ToString()));
            Assert.Equal(labels, Output(answer, "label").Select(static label => label.GetInt64()));
            double[] given = [.. Output(answer, "probabilities").Select(static value => value.GetDouble())];
            Assert.Equal(probabilities.Length, given.Length);
            double worst = probabilities.Zip(given, static (x, y) => Math.Abs(x - y)).Max();
            Assert.True(worst <= Tolerance, $"{kind}: probabilities differ by up to {worst:E2}");
        }
    }

    private static JsonElement.ArrayEnumerator Output(JsonDocument answer, string name) =>
        answer.RootElement.GetProperty("outputs").EnumerateArray().Single(output => output.GetProperty("name").GetString() == name).GetProperty("data").EnumerateArray();

    private static double[][] Matrix(JsonElement list) => [.. list.EnumerateArray().Select(static row => row.EnumerateArray().Select(static value => value.GetDouble()).ToArray())];
}
