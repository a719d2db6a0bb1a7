using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn.Wall;

/// <summary>
/// The differential wall: scikit-learn and XGBoost, where Python has them, fit estimators with random parameters (make_models.py beside this file) and with every option (make_options.py);
/// each dump is converted and asked about hundreds of rows through the engine. SLIPWAY_WALL_SEED and SLIPWAY_WALL_REPEATS draw others; SLIPWAY_WALL_ONLY keeps the families whose name has the text.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SklearnWallTests(ITestOutputHelper output)
{
    // Families of which some draws are refused, with what the refusal says.
    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["splines"] = ["linear extrapolation of degree 0 or 1"],
    };

    // Methods that the converted model does not offer, by family.
    private static readonly Dictionary<string, string[]> NotOffered = new()
    {
        ["projections"] = ["score_samples"], // likelihood of a row, which a transformer gives aside
        ["reductions"] = ["score_samples"],
        ["ensembles"] = ["transform"], // a box of three dimensions (flatten_transform=False)
        ["xgboost_options"] = ["predict_proba"], // of binary:hinge, whose classes have none
        ["restricted_boltzmann"] = ["score_samples"], // drawn at random
    };

    [Theory]
    [InlineData("make_models.py")]
    [InlineData("make_options.py")]
    public async Task Freshly_fitted_models_answer_as_the_originals(string maker)
    {
        string? python = await FindPythonAsync();
        Assert.SkipWhen(python is null, "needs Python 3 with scikit-learn and joblib (Debian: python3-sklearn python3-joblib python3-pandas python3-xgboost)");
        using TemporaryFolder folder = new();
        string made = await MakeAsync(python, maker, folder.Root);
        Dictionary<string, (int Cases, long Values, double Absolute, double Relative)> table = [];
        StringBuilder problems = new();
        foreach (WallCase item in WallCase.ReadAll(folder.Root))
        {
            string? problem = await CompareAsync(item, table);
            if (problem is not null)
            {
                problems.AppendLine(CultureInfo.InvariantCulture, $"{item.Name}: {problem}").AppendLine(CultureInfo.InvariantCulture, $"    {item.Estimator}");
            }
        }

        output.WriteLine(made);
        foreach ((string family, (int cases, long values, double absolute, double relative)) in table.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"| {family} | {cases} | {values} | {absolute:0.0e0} | {relative:0.0e0} |");
        }

        Assert.True(problems.Length == 0, problems.ToString());
    }

    private static async Task<string?> CompareAsync(WallCase item, Dictionary<string, (int Cases, long Values, double Absolute, double Relative)> table)
    {
        try
        {
            using ConvertedModel model = await ConvertedModel.LoadAsync(item.ModelFile);
            WallComparison comparison = new(item, model.Run(item.Inputs(model.Signature)));
            IReadOnlyList<string> found = comparison.Compare();
            (int cases, long values, double absolute, double relative) = table.GetValueOrDefault(item.Family);
            table[item.Family] = (cases + 1, values + comparison.Values, Math.Max(absolute, comparison.WorstAbsolute), Math.Max(relative, comparison.WorstRelative));
            string[] absent = [.. comparison.NotOffered.Except(NotOffered.GetValueOrDefault(item.Family, []))];
            return item.Refused.Length > 0 ? "converted, though it should have been refused" : found.Count > 0 ? string.Join("; ", found) : absent.Length > 0 ? $"not offered: {string.Join(", ", absent)}" : null;
        }
        catch (SlipwayException error) when (error.Code is ErrorCode.NotSupported or ErrorCode.InvalidModel && RefusalsOf(item).Any(reason => error.Message.Contains(reason, StringComparison.Ordinal)))
        {
            return null;
        }
        catch (SlipwayException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }

    private static string[] RefusalsOf(WallCase item) => item.Refused.Length > 0 ? [item.Refused] : Refused.GetValueOrDefault(item.Family, []);

    private static async Task<string?> FindPythonAsync()
    {
        foreach (string python in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                (int status, _) = await RunAsync(python, "-c", "import sklearn, joblib");
                if (status == 0)
                {
                    return python;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // no such program
            }
        }

        return null;
    }

    private static async Task<string> MakeAsync(string python, string maker, string folder, [CallerFilePath] string here = "")
    {
        string script = Path.Combine(Path.GetDirectoryName(here)!, maker);
        (int status, string text) = await RunAsync(
            python, script, folder, "--seed", Setting("SLIPWAY_WALL_SEED", "1"), "--repeats", Setting("SLIPWAY_WALL_REPEATS", "3"), "--only", Setting("SLIPWAY_WALL_ONLY", ""));
        Assert.True(status == 0, text);
        return text;
    }

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private static async Task<(int Status, string Output)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error + output);
    }
}
