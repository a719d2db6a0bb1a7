using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Pmml;

namespace Slipway.Benchmarks;

/// <summary>PMML models over batches on one thread: time is per row.</summary>
[MemoryDiagnoser]
public class PmmlBenchmarks
{
    private const int Rows = 4096;
    private const int Fields = 10;

    private ILoadedModel? _model;
    private Tensor[] _inputs = [];
    private int[] _outputs = [];

    /// <summary>Which model.</summary>
    public enum Kind
    {
        /// <summary>Ten numbers.</summary>
        Regression,

        /// <summary>Ten characteristics of five attributes each.</summary>
        Scorecard,

        /// <summary>100 trees of 63 splits, summed, as gradient boosting writes them.</summary>
        Forest,

        /// <summary>The same with three categories that are averaged.</summary>
        Classifier,
    }

    [Params(Kind.Regression, Kind.Scorecard, Kind.Forest, Kind.Classifier)]
    public Kind Model { get; set; }

    [GlobalSetup]
    public async Task Prepare()
    {
        byte[] document = Encoding.UTF8.GetBytes(Document(Model));
        using PreparedModel prepared = new() { Runtime = PmmlModelRuntime.RuntimeName, Model = new ModelContent(document), Digest = "", Platform = "pmml" };
        _model = await new PmmlModelRuntime(Options.Create(new PmmlOptions()), NullLogger<PmmlModelRuntime>.Instance).LoadAsync(prepared, new EngineConfig(), default);
        Random random = new(1);
        _inputs = [.. _model.Signature.Inputs.Select(input => new Tensor(input.Name, input.DataType, new TensorShape(Rows), Numbers(random)))];
        _outputs = [.. Enumerable.Range(0, _model.Signature.Outputs.Count)];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Score()
    {
        Tensor[] answers = _model!.Run(_inputs, _outputs, default);
        int count = answers.Length;
        foreach (Tensor answer in answers)
        {
            answer.Dispose();
        }

        return count;
    }

    private static byte[] Numbers(Random random) =>
        MemoryMarshal.AsBytes<double>(Enumerable.Range(0, Rows).Select(_ => random.NextDouble()).ToArray()).ToArray();

    private static string Document(Kind kind)
    {
        StringBuilder fields = new();
        StringBuilder schema = new("<MiningSchema>");
        for (int i = 0; i < Fields; i++)
        {
            fields.Append(CultureInfo.InvariantCulture, $"""<DataField name="x{i}" optype="continuous" dataType="double"/>""");
            schema.Append(CultureInfo.InvariantCulture, $"""<MiningField name="x{i}"/>""");
        }

        schema.Append("</MiningSchema>");
        Random random = new(7);
        string model = kind switch
        {
            Kind.Regression => Regression(schema.ToString(), random),
            Kind.Scorecard => Scorecard(schema.ToString()),
            _ => Forest(schema.ToString(), random, kind == Kind.Classifier),
        };
        return $"""<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary>{fields}</DataDictionary>{model}</PMML>""";
    }

    private static string Regression(string schema, Random random)
    {
        StringBuilder table = new("""<RegressionTable intercept="1">""");
        for (int i = 0; i < Fields; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"""<NumericPredictor name="x{i}" coefficient="{random.NextDouble()}"/>""");
        }

        return $"""<RegressionModel functionName="regression">{schema}{table}</RegressionTable></RegressionModel>""";
    }

    private static string Scorecard(string schema)
    {
        StringBuilder characteristics = new();
        for (int i = 0; i < Fields; i++)
        {
            characteristics.Append(CultureInfo.InvariantCulture, $"""<Characteristic name="c{i}" reasonCode="R{i}" baselineScore="10">""");
            for (int band = 1; band <= 5; band++)
            {
                characteristics.Append(CultureInfo.InvariantCulture, $"""<Attribute partialScore="{band * 5}"><SimplePredicate field="x{i}" operator="lessOrEqual" value="{band / 5.0}"/></Attribute>""");
            }

            characteristics.Append("</Characteristic>");
        }

        return $"""<Scorecard functionName="regression" initialScore="100" reasonCodeAlgorithm="pointsBelow">{schema}<Characteristics>{characteristics}</Characteristics></Scorecard>""";
    }

    private static string Forest(string schema, Random random, bool isClassification)
    {
        string function = isClassification ? "classification" : "regression";
        StringBuilder segments = new();
        for (int i = 0; i < 100; i++)
        {
            segments.Append(CultureInfo.InvariantCulture, $"""<Segment id="{i}"><True/><TreeModel functionName="{function}" splitCharacteristic="binarySplit">{schema}""");
            Node(segments, random, 6, "<True/>", isClassification);
            segments.Append("</TreeModel></Segment>");
        }

        return $"""<MiningModel functionName="{function}">{schema}<Segmentation multipleModelMethod="{(isClassification ? "average" : "sum")}">{segments}</Segmentation></MiningModel>""";
    }

    private static void Node(StringBuilder text, Random random, int depth, string predicate, bool isClassification)
    {
        string score = isClassification ? $"c{random.Next(3)}" : random.NextDouble().ToString("R", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"""<Node score="{score}">{predicate}""");
        if (isClassification)
        {
            for (int i = 0; i < 3; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"""<ScoreDistribution value="c{i}" recordCount="{random.Next(1, 50)}"/>""");
            }
        }

        if (depth > 0)
        {
            int field = random.Next(Fields);
            double threshold = random.NextDouble();
            Node(text, random, depth - 1, string.Create(CultureInfo.InvariantCulture, $"""<SimplePredicate field="x{field}" operator="lessOrEqual" value="{threshold:R}"/>"""), isClassification);
            Node(text, random, depth - 1, string.Create(CultureInfo.InvariantCulture, $"""<SimplePredicate field="x{field}" operator="greaterThan" value="{threshold:R}"/>"""), isClassification);
        }

        text.Append("</Node>");
    }
}
