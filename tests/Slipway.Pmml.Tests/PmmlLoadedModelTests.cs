using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests;

public sealed class PmmlLoadedModelTests
{
    private static readonly string[] Wide = ["csv/rattle/RandomForestIris", "csv/transpiler/GradientBoostingAuto", "csv/rattle/DecisionTreeAudit", "csv/rattle/GeneralRegressionAudit", "csv/knime/KMeansIris"];

    public static IEnumerable<TheoryDataRow<string>> Models =>
        PmmlCase.All.Count == 0 ? [new TheoryDataRow<string>("-")] : Wide.Select(static name => new TheoryDataRow<string>(name));

    [Fact]
    public async Task Run_MissingNumberOrInvalidCategory_LeavesOnlyThatRowWithoutAnAnswer()
    {
        using ILoadedModel model = await LoadAsync(Encoding.UTF8.GetBytes(PmmlTexts.Regression));
        Tensor[] outputs = model.Run(
            [Numbers("a", 1, double.NaN, 1, 0), Numbers("b", 2, 2, 2, 0), Strings("c", "x", "x", "no such", "")], [0, 1], CancellationToken.None);
        Assert.Equal([19, double.NaN, double.NaN, 1], Doubles(outputs.Single(static output => output.Name == "y")));
        Assert.Equal([38, double.NaN, double.NaN, 2], Doubles(outputs.Single(static output => output.Name == "twice")));
    }

    [Fact]
    public async Task Run_InputLeftOut_IsMissing()
    {
        using ILoadedModel model = await LoadAsync(Encoding.UTF8.GetBytes(PmmlTexts.Regression));
        Tensor[] outputs = model.Run([Numbers("a", 1), Numbers("b", 1), null], [model.Signature.IndexOfOutput("y")], CancellationToken.None);
        Assert.Equal([6], Doubles(outputs[0]));
    }

    [Fact]
    public async Task Run_ForestWhoseLeavesHaveNoScores_HasNoAnswer()
    {
        const string schema = """<MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>""";
        string document = PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"/>""",
            $"""
            <MiningModel functionName="classification">{schema}<Segmentation multipleModelMethod="majorityVote"><Segment><True/>
            <TreeModel functionName="classification">{schema}<Node><True/></Node></TreeModel></Segment></Segmentation></MiningModel>
            """);
        using ILoadedModel model = await LoadAsync(Encoding.UTF8.GetBytes(document));
        using Tensor answer = Assert.Single(model.Run([Numbers("a", 1, 2)], [0], CancellationToken.None));
        Assert.Equal(new byte[8], answer.Data.ToArray());
    }

    [Fact]
    public async Task Run_InputsOfDifferentLength_AreRefused()
    {
        using ILoadedModel model = await LoadAsync(Encoding.UTF8.GetBytes(PmmlTexts.Regression));
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => model.Run([Numbers("a", 1, 2), Numbers("b", 1), null], [0], CancellationToken.None));
        Assert.Equal(ErrorCode.ShapeMismatch, refusal.Code);
    }

    [Fact]
    public async Task Load_VerificationDisagrees_IsRefusedUnlessToldToIgnoreIt()
    {
        string wrong = PmmlTexts.Regression.Replace("<RegressionTable", """
            <ModelVerification><VerificationFields><VerificationField field="a"/><VerificationField field="b"/><VerificationField field="c"/><VerificationField field="y" precision="1E-6"/></VerificationFields>
            <InlineTable><row><a>1</a><b>2</b><c>x</c><y>19.5</y></row></InlineTable></ModelVerification><RegressionTable
            """, StringComparison.Ordinal);
        byte[] document = Encoding.UTF8.GetBytes(wrong);
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(async () => await LoadAsync(document));
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        Assert.Contains("'y' should be '19.5', and is '19.0'", refusal.Message, StringComparison.Ordinal);
        EngineConfig ignore = new() { SessionOptions = new Dictionary<string, string> { ["pmml.verification"] = "ignore" } };
        using ILoadedModel model = await LoadAsync(document, ignore);
        Assert.NotNull(model);
        (await LoadAsync(Encoding.UTF8.GetBytes(wrong.Replace("19.5", "19.0", StringComparison.Ordinal)))).Dispose();
    }

    [Fact]
    public async Task Load_UnknownSessionOption_IsRefused()
    {
        EngineConfig config = new() { SessionOptions = new Dictionary<string, string> { ["pmml.modl"] = "x" } };
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(async () => await LoadAsync(Encoding.UTF8.GetBytes(PmmlTexts.Regression), config));
        Assert.Equal(ErrorCode.InvalidConfiguration, refusal.Code);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Splitting_a_batch_changes_no_answer(string name)
    {
        Assert.SkipWhen(PmmlCase.All.Count == 0, Assets.Missing);
        PmmlCase each = PmmlCase.All.Single(known => known.Name == name);
        using ILoadedModel model = await LoadAsync(await File.ReadAllBytesAsync(each.Model, TestContext.Current.CancellationToken));
        List<string[]> table = Csv.Read(each.Inputs!);
        int rows = table.Count - 1;
        string[] whole = Answers(model, table, 0, rows);
        foreach (int size in (int[])[1, 7, 127, 129])
        {
            List<string> parts = [];
            for (int start = 0; start < rows; start += size)
            {
                parts.AddRange(Answers(model, table, start, Math.Min(size, rows - start)));
            }

            Assert.Equal(whole, parts);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Order_of_rows_changes_no_answer(string name)
    {
        Assert.SkipWhen(PmmlCase.All.Count == 0, Assets.Missing);
        PmmlCase each = PmmlCase.All.Single(known => known.Name == name);
        using ILoadedModel model = await LoadAsync(await File.ReadAllBytesAsync(each.Model, TestContext.Current.CancellationToken));
        List<string[]> table = Csv.Read(each.Inputs!);
        string[] whole = Answers(model, table, 0, table.Count - 1);
        List<string[]> reversed = [table[0], .. table.Skip(1).Reverse()];
        string[] backwards = Answers(model, reversed, 0, table.Count - 1);
        Array.Reverse(backwards);
        Assert.Equal(whole, backwards);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Order_of_fields_in_the_document_changes_no_answer(string name)
    {
        Assert.SkipWhen(PmmlCase.All.Count == 0, Assets.Missing);
        PmmlCase each = PmmlCase.All.Single(known => known.Name == name);
        System.Xml.Linq.XDocument document = System.Xml.Linq.XDocument.Load(each.Model);
        List<string[]> table = Csv.Read(each.Inputs!);
        using ILoadedModel model = await LoadAsync(Encoding.UTF8.GetBytes(document.ToString()));
        string[] before = Answers(model, table, 0, table.Count - 1);
        foreach (System.Xml.Linq.XElement parent in document.Descendants().Where(static element => element.Name.LocalName is "DataDictionary" or "MiningSchema").ToArray())
        {
            System.Xml.Linq.XElement[] children = [.. parent.Elements().Reverse()];
            parent.ReplaceNodes(children);
        }

        using ILoadedModel permuted = await LoadAsync(Encoding.UTF8.GetBytes(document.ToString()));
        Assert.Equal(before, Answers(permuted, table, 0, table.Count - 1));
    }

    private static string[] Answers(ILoadedModel model, List<string[]> table, int start, int count)
    {
        Tensor?[] inputs = [.. model.Signature.Inputs.Select(input => Array.IndexOf(table[0], input.Name) is >= 0 and var column
            ? Column(input, [.. Enumerable.Range(start + 1, count).Select(row => table[row][column] is "NA" or "N/A" ? "" : table[row][column])])
            : null)];
        Tensor[] outputs = model.Run(inputs, [.. Enumerable.Range(0, model.Signature.Outputs.Count)], CancellationToken.None);
        string[][] columns = [.. outputs.OrderBy(static output => output.Name, StringComparer.Ordinal).Select(static output => output.DataType == TensorDataType.String
            ? Texts(output)
            : Array.ConvertAll(Doubles(output), static value => value.ToString("R", CultureInfo.InvariantCulture)))];
        return [.. Enumerable.Range(0, count).Select(row => string.Join('|', columns.Select(column => column[row])))];
    }

    private static Tensor Column(TensorSignature input, string[] cells) => input.DataType == TensorDataType.String
        ? Strings(input.Name, cells)
        : Numbers(input.Name, Array.ConvertAll(cells, static cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)));

    private static async Task<ILoadedModel> LoadAsync(byte[] document, EngineConfig? config = null)
    {
        using PreparedModel prepared = new() { Runtime = PmmlModelRuntime.RuntimeName, Model = new ModelContent(document), Digest = "", Platform = "pmml" };
        return await new PmmlModelRuntime(Options.Create(new PmmlOptions()), NullLogger<PmmlModelRuntime>.Instance).LoadAsync(prepared, config ?? new EngineConfig(), CancellationToken.None);
    }

    private static Tensor Numbers(string name, params double[] values) =>
        new(name, TensorDataType.Float64, new TensorShape(values.Length), MemoryMarshal.AsBytes<double>(values).ToArray());

    private static Tensor Strings(string name, params string[] values)
    {
        List<byte> bytes = [];
        foreach (string value in values)
        {
            byte[] text = Encoding.UTF8.GetBytes(value);
            bytes.AddRange(BitConverter.GetBytes(text.Length));
            bytes.AddRange(text);
        }

        return new Tensor(name, TensorDataType.String, new TensorShape(values.Length), bytes.ToArray());
    }

    private static double[] Doubles(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray();

    private static string[] Texts(Tensor tensor)
    {
        List<string> texts = [];
        ReadOnlySpan<byte> rest = tensor.Data.Span;
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            texts.Add(Encoding.UTF8.GetString(rest.Slice(sizeof(int), length)));
            rest = rest[(sizeof(int) + length)..];
        }

        return [.. texts];
    }
}
