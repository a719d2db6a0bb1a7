using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Pmml;

namespace Slipway.Fuzz.Targets;

/// <summary>PMML documents: read, compiled, verified and, where that succeeds, evaluated for a row.</summary>
internal sealed class PmmlTarget : IFuzzTarget
{
    private const string Fields = """
        <DataDictionary><DataField name="a" optype="continuous" dataType="double"/><DataField name="s" optype="categorical" dataType="string"><Value value="x"/><Value value="y"/></DataField>
        <DataField name="y" optype="categorical" dataType="string"/></DataDictionary>
        """;

    private const string Schema = """<MiningSchema><MiningField name="a" missingValueReplacement="1"/><MiningField name="s"/><MiningField name="y" usageType="target"/></MiningSchema>""";

    private readonly PmmlModelRuntime _runtime = new(Options.Create(new PmmlOptions()), NullLogger<PmmlModelRuntime>.Instance);

    public string Name => "pmml";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. ((string[])
        [
            $"""<RegressionModel functionName="classification" normalizationMethod="softmax">{Schema}<RegressionTable targetCategory="p" intercept="1"><NumericPredictor name="a" coefficient="2"/><CategoricalPredictor name="s" value="x" coefficient="3"/></RegressionTable><RegressionTable targetCategory="q" intercept="0"/></RegressionModel>""",
            $"""<TreeModel functionName="classification" missingValueStrategy="defaultChild">{Schema}<Node id="1" score="p" defaultChild="3"><True/><Node id="2" score="p"><SimplePredicate field="a" operator="lessOrEqual" value="0.5"/></Node><Node id="3" score="q"><SimpleSetPredicate field="s" booleanOperator="isIn"><Array n="2" type="string">x y</Array></SimpleSetPredicate></Node></Node></TreeModel>""",
            $"""<MiningModel functionName="classification">{Schema}<Segmentation multipleModelMethod="majorityVote"><Segment id="1"><True/><TreeModel functionName="classification">{Schema}<Node score="p"><True/></Node></TreeModel></Segment></Segmentation></MiningModel>""",
            $"""<Scorecard functionName="regression" initialScore="1">{Schema}<Output><OutputField name="r" feature="reasonCode" rank="1"/></Output><Characteristics><Characteristic name="c" reasonCode="R" baselineScore="1"><Attribute partialScore="2"><SimplePredicate field="a" operator="greaterThan" value="0"/></Attribute></Characteristic></Characteristics></Scorecard>""",
            $"""<RegressionModel functionName="regression">{Schema}<LocalTransformations><DerivedField name="d" optype="continuous" dataType="double"><Apply function="if"><Apply function="matches"><FieldRef field="s"/><Constant>x+</Constant></Apply><Constant>1</Constant><Apply function="/"><Constant>1</Constant><FieldRef field="a"/></Apply></Apply></DerivedField></LocalTransformations><RegressionTable intercept="0"><NumericPredictor name="d" coefficient="1"/></RegressionTable></RegressionModel>""",
            """<ClusteringModel functionName="clustering" modelClass="centerBased"><MiningSchema><MiningField name="a"/></MiningSchema><ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><ClusteringField field="a"/><Cluster id="1"><Array n="1" type="real">0</Array></Cluster><Cluster id="2"><Array n="1" type="real">1</Array></Cluster></ClusteringModel>""",
        ]).Select(static model => Encoding.UTF8.GetBytes($"""<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>{Fields}{model}</PMML>""")),
    ];

    public async ValueTask ReadAsync(byte[] input)
    {
        using PreparedModel prepared = new() { Runtime = PmmlModelRuntime.RuntimeName, Model = new ModelContent(input), Digest = "", Platform = "pmml" };
        using ILoadedModel model = await _runtime.LoadAsync(prepared, new EngineConfig(), default);
        if (model.Signature.Inputs.Count == 0)
        {
            return;
        }

        Tensor[] inputs = [.. model.Signature.Inputs.Select(static each => each.DataType == TensorDataType.String
            ? new Tensor(each.Name, each.DataType, each.Shape.Rank == 1 ? new TensorShape(1) : new TensorShape(1, 1), new byte[] { 1, 0, 0, 0, (byte)'x' })
            : new Tensor(each.Name, each.DataType, new TensorShape(1), new byte[sizeof(double)]))];
        foreach (Tensor output in model.Run(inputs, [.. Enumerable.Range(0, model.Signature.Outputs.Count)], default))
        {
            output.Dispose();
        }
    }
}
