using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Scoring;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests.Conformance;

public sealed class ConformanceTests
{
    public static IEnumerable<TheoryDataRow<string>> Cases =>
        PmmlCase.All.Count == 0 ? [new TheoryDataRow<string>("-")] : PmmlCase.All.Where(static each => each.Kind != "functions").Select(static each => new TheoryDataRow<string>(each.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_gives_what_its_publisher_expects(string name)
    {
        Assert.SkipWhen(PmmlCase.All.Count == 0, Assets.Missing);
        PmmlCase each = PmmlCase.All.Single(known => known.Name == name);
        switch (each.Kind)
        {
            case "csv":
                CheckTable(each);
                break;
            case "records":
                CheckRecords(each);
                break;
            case "forecast":
                CheckForecast(each);
                break;
            case "load":
                CheckLoads(each);
                break;
            default:
                SlipwayException refusal = Assert.Throws<SlipwayException>(() => new RowEvaluator(RowEvaluator.Read(each.Model)));
                Assert.True(refusal.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported);
                break;
        }
    }

    private static void CheckTable(PmmlCase each)
    {
        PmmlElement document = RowEvaluator.Read(each.Model);
        RowEvaluator model = new(document, each.ModelName);
        List<string[]> inputs = Csv.Read(each.Inputs!);
        List<string[]> expected = Csv.Read(each.Expected!);
        Assert.Equal(inputs.Count, expected.Count);
        Assert.Null(ModelVerification.FindDifference(model.Plan, CancellationToken.None));
        HashSet<string> categories =
        [
            .. document.RequiredChild("DataDictionary").ChildrenNamed("DataField").SelectMany(static field => field.ChildrenNamed("Value")).Select(static value => value.Required("value")),
        ];
        List<string> wrong = [];
        for (int row = 1; row < expected.Count; row++)
        {
            model.Evaluate(field => Array.IndexOf(inputs[0], field) is >= 0 and var column ? Cell(inputs[row][column]) : null);
            for (int column = 0; column < expected[0].Length; column++)
            {
                string output = expected[0][column];
                if (!each.Ignored.Contains(output))
                {
                    Compare(each, $"row {row} {output}", Cell(expected[row][column]), model.Output(output), wrong, model.Failure);
                }
            }
        }

        Assert.Empty(wrong);

        string? Cell(string text) => text.Length == 0 || (text is "N/A" or "NA" && !categories.Contains(text)) ? null : text;
    }

    private static void CheckRecords(PmmlCase each)
    {
        using JsonDocument records = JsonDocument.Parse(File.ReadAllBytes(each.Expected!));
        RowEvaluator model = new(RowEvaluator.Read(each.Model), each.ModelName);
        List<string> wrong = [];
        int index = 0;
        foreach (JsonElement record in records.RootElement.EnumerateArray())
        {
            index++;
            if (record.TryGetProperty("verification", out _))
            {
                Assert.NotNull(model.Plan.Model.Child("ModelVerification"));
                Assert.Null(ModelVerification.FindDifference(model.Plan, CancellationToken.None));
                continue;
            }

            model.Evaluate(record.GetProperty("arguments"));
            foreach (JsonProperty property in record.GetProperty("expected").EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object)
                {
                    foreach (JsonProperty category in property.Value.EnumerateObject())
                    {
                        Compare(each, $"record {index} {property.Name} {category.Name}", RowEvaluator.Plain(category.Value), model.Special(property.Name, category.Name), wrong, model.Failure);
                    }

                    continue;
                }

                string? given = property.Name.StartsWith('$') ? model.Special(property.Name, null) : model.Output(property.Name);
                string? wanted = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.Array => JsonSerializer.Serialize(property.Value),
                    _ => RowEvaluator.Plain(property.Value),
                };
                Compare(each, $"record {index} {property.Name}", wanted, given, wrong, model.Failure);
            }
        }

        Assert.Empty(wrong);
    }

    private static void CheckForecast(PmmlCase each)
    {
        using JsonDocument records = JsonDocument.Parse(File.ReadAllBytes(each.Expected!));
        RowEvaluator model = new(RowEvaluator.Read(each.Model), each.ModelName);
        List<string> wrong = [];
        foreach (JsonElement record in records.RootElement.EnumerateArray())
        {
            JsonElement[] forecast = [.. record.GetProperty("expected").GetProperty("$forecast").EnumerateArray()];
            Assert.Equal(record.GetProperty("horizon").GetInt32(), forecast.Length);
            for (int step = 1; step <= forecast.Length; step++)
            {
                model.Evaluate(_ => step.ToString(CultureInfo.InvariantCulture));
                Compare(each, $"step {step}", forecast[step - 1].GetRawText(), model.Special("$target", null), wrong, model.Failure);
            }
        }

        Assert.Empty(wrong);
    }

    private static void CheckLoads(PmmlCase each)
    {
        PmmlElement document = RowEvaluator.Read(each.Model);
        if (!PmmlPlan.ModelsOf(document).Any())
        {
            Assert.Contains("no model", Assert.Throws<SlipwayException>(() => new RowEvaluator(document)).Message, StringComparison.Ordinal);
            return;
        }

        RowEvaluator model = new(document);
        if (each.Inputs is null)
        {
            return;
        }

        List<string[]> inputs = Csv.Read(each.Inputs);
        string target = model.Plan.Unit.TargetName!;
        for (int row = 1; row < inputs.Count; row++)
        {
            model.Evaluate(field => Array.IndexOf(inputs[0], field) is >= 0 and var column ? inputs[row][column] : null);
            Assert.Null(model.Failure);
            Assert.False(string.IsNullOrEmpty(model.Output(target)));
        }
    }

    private static void Compare(PmmlCase each, string place, string? expected, string? given, List<string> wrong, string? failure)
    {
        if (double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double wanted) && double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double found))
        {
            ProofLog.Record("PMML", each.Name, [wanted], [found]);
        }

        bool isEqual = expected == given
            || (expected is not null && given is not null && double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double right)
                && double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double left) && Math.Abs(left - right) <= each.Absolute + (each.Relative * Math.Abs(right)));
        if (!isEqual && wrong.Count < 6)
        {
            wrong.Add($"{place}: expected {expected ?? "nothing"}, got {given ?? "nothing"} {failure}");
        }
    }
}
