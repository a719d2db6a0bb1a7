using System.Xml.Linq;
using Slipway.Pmml.Tests.Conformance;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests.Metamorphic;

/// <summary>What must not change an answer: how rows are cut into batches, the order of fields, and what classes are called. On documents that others wrote.</summary>
public sealed class MetamorphicTests
{
    private static readonly (string Old, string New)[] Species = [("setosa", "zinnia"), ("versicolor", "aster"), ("virginica", "mallow")];

    public static IEnumerable<TheoryDataRow<string>> Tables => Rows(static each => each.Kind == "csv");

    public static IEnumerable<TheoryDataRow<string>> Irises => Rows(static each => each.Kind == "csv" && File.ReadAllText(each.Model) is var text && text.Contains("\"setosa\"", StringComparison.Ordinal) && !text.Contains("<ClusteringModel", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Batch_splits_change_nothing(string name)
    {
        PmmlCase each = Find(name);
        using ScoredDocument model = await ScoredDocument.LoadAsync(File.ReadAllText(each.Model), each.ModelName);
        (string[] header, List<string[]> rows) = Read(each);
        IReadOnlyDictionary<string, string[]> whole = model.Run(header, rows);
        Random random = new(7);
        Dictionary<string, List<string>> parts = whole.ToDictionary(static pair => pair.Key, static _ => new List<string>());
        for (int at = 0; at < rows.Count;)
        {
            int count = Math.Min(rows.Count - at, random.Next(1, 200));
            foreach ((string output, string[] values) in model.Run(header, rows.GetRange(at, count)))
            {
                parts[output].AddRange(values);
            }

            at += count;
        }

        Assert.All(whole, pair => Assert.Equal(pair.Value, parts[pair.Key]));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task The_order_of_fields_changes_nothing(string name)
    {
        PmmlCase each = Find(name);
        XDocument document = XDocument.Load(each.Model);
        foreach (XElement parent in document.Descendants().Where(static element => element.Name.LocalName is "DataDictionary" or "MiningSchema").ToList())
        {
            XElement[] fields = [.. parent.Elements().Where(static element => element.Name.LocalName is "DataField" or "MiningField")];
            foreach (XElement field in fields)
            {
                field.Remove();
            }

            parent.AddFirst(fields.Reverse());
        }

        (string[] header, List<string[]> rows) = Read(each);
        using ScoredDocument model = await ScoredDocument.LoadAsync(File.ReadAllText(each.Model), each.ModelName);
        using ScoredDocument turned = await ScoredDocument.LoadAsync(document.ToString(), each.ModelName);
        IReadOnlyDictionary<string, string[]> expected = model.Run(header, rows);
        IReadOnlyDictionary<string, string[]> given = turned.Run([.. header.Reverse()], [.. rows.Select(static row => row.Reverse().ToArray())]);
        Assert.Equal(expected.Keys.Order(), given.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value, given[pair.Key]));
    }

    [Theory]
    [MemberData(nameof(Irises))]
    public async Task The_names_of_classes_are_only_names(string name)
    {
        PmmlCase each = Find(name);
        string text = File.ReadAllText(each.Model);
        (string[] header, List<string[]> rows) = Read(each);
        using ScoredDocument model = await ScoredDocument.LoadAsync(text, each.ModelName);
        using ScoredDocument renamed = await ScoredDocument.LoadAsync(Rename(text), each.ModelName);
        IReadOnlyDictionary<string, string[]> expected = model.Run(header, rows);
        IReadOnlyDictionary<string, string[]> given = renamed.Run(header, [.. rows.Select(static row => row.Select(Rename).ToArray())]);
        Assert.Contains(expected.Values, static values => values.Any(static value => value.Contains("setosa", StringComparison.Ordinal)));
        foreach ((string output, string[] values) in expected)
        {
            Assert.Equal(values.Select(Rename), given[Rename(output)]);
        }
    }

    private static string Rename(string text) => Species.Aggregate(text, static (renamed, pair) => renamed.Replace(pair.Old, pair.New, StringComparison.Ordinal));

    private static (string[] Header, List<string[]> Rows) Read(PmmlCase each)
    {
        List<string[]> table = Csv.Read(each.Inputs!);
        return (table[0], table[1..]);
    }

    private static PmmlCase Find(string name)
    {
        Assert.SkipWhen(PmmlCase.All.Count == 0, Assets.Missing);
        return PmmlCase.All.Single(known => known.Name == name);
    }

    private static IEnumerable<TheoryDataRow<string>> Rows(Func<PmmlCase, bool> choose) =>
        PmmlCase.All.Count == 0 ? [new TheoryDataRow<string>("-")] : PmmlCase.All.Where(choose).Select(static each => new TheoryDataRow<string>(each.Name));
}
