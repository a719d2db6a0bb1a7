using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.TensorFlow.Bundles;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.State;

/// <summary>Variables: frozen to what the checkpoint restores or an initialiser assigns.</summary>
internal static class VariableOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("VarHandleOp", Handle),
        new("Variable", Handle),
        new("VariableV2", Handle),
        KnownOperator.Of("ReadVariableOp", static call => call.Tensor(0)),
        KnownOperator.Of("VarIsInitializedOp", static call => call.Draft.Scalar(1, Formats.Onnx.OnnxDataType.Bool)),
        KnownOperator.Of("IsVariableInitialized", static call => call.Draft.Scalar(1, Formats.Onnx.OnnxDataType.Bool)),
        KnownOperator.Of("VariableShape", static call => call.Index(call.Draft.Shape(call.Tensor(0)), call.Attribute("out_type", TensorFlowType.Int32))),
        KnownOperator.Of("ResourceGather", Gather),
        KnownOperator.Of("ResourceGatherNd", static call => GatherOperators.GatherNd(call.Draft, call.Tensor(0), call.Tensor(1), 0)),
        new("Assign", Assign, "while loading only"),
        new("AssignVariableOp", Assign, "while loading only"),
        new("RestoreV2", Restore, "while loading only"),
    ];

    private static IReadOnlyList<Value> Handle(OperatorCall call)
    {
        string shared = call.Attribute("shared_name", "");
        PartialShape shape = call.Value("shape")?.Shape ?? PartialShape.Unknown;
        return [new VariableValue(call.Evaluator.Resources.Variable(shared.Length > 0 ? shared : call.Frame.Path + call.Node.Name, shape))];
    }

    private static Term Gather(OperatorCall call)
    {
        Term data = call.Tensor(0);
        Term indices = call.Tensor(1);
        int batch = (int)call.Attribute("batch_dims", 0L);
        return batch == 0 ? call.Draft.Gather(data, indices, 0) : GatherOperators.BatchGather(call.Draft, data, indices, batch, batch);
    }

    private static IReadOnlyList<Value> Assign(OperatorCall call)
    {
        if (!call.Evaluator.IsInitializing)
        {
            throw OperatorCall.NotSupported("it changes a variable, and a served model must not");
        }

        // A second assignment is that of an initialiser that runs before the checkpoint is restored, or of an optimiser: the first one that was run counts.
        if (call.Inputs[0] is VariableValue { Variable: { } variable })
        {
            Value value = call.Inputs[1];
            switch (value)
            {
                case DeferredValue deferred:
                    variable.Assign(deferred.Read);
                    break;
                case TensorValue { Term.Constant: { } constant } when !variable.IsInitialized:
                    variable.Assign(() => constant);
                    break;
            }
        }

        return [call.Inputs[0]];
    }

    private static IReadOnlyList<Value> Restore(OperatorCall call)
    {
        VariablesBundle? bundle = call.Evaluator.Resources.Bundle;
        byte[][] names = call.Constant(1, "list of names").Strings ?? [];
        byte[][] slices = call.Inputs.Count > 2 ? call.Constant(2, "list of slices").Strings ?? [] : [];
        return [.. names.Select((name, index) => new DeferredValue(() => Read(bundle, Encoding.UTF8.GetString(name), index < slices.Length ? Encoding.UTF8.GetString(slices[index]) : "")))];
    }

    // A slice is written as the whole shape, then start and length of each dimension, or a dash for all of it: "10 5 0,5:-".
    private static TensorData Read(VariablesBundle? bundle, string name, string slice)
    {
        TensorData whole = bundle is not null
            ? bundle.Read(name)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{VariablesBundle.Prefix}.index', in which variable '{name}' is listed");
        if (slice.Length == 0)
        {
            return whole;
        }

        string[] parts = slice.Split(' ')[^1].Split(':');
        List<(long Start, long Length)> extents = [];
        foreach (string part in parts)
        {
            string[] numbers = part.Split(',');
            if (part == "-")
            {
                extents.Add((0, -1));
            }
            else if (numbers.Length == 2 && long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out long start)
                && long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                extents.Add((start, length));
            }
            else
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"slice '{slice}' of variable '{name}' makes no sense");
            }
        }

        return SliceAssembler.Cut(whole, extents);
    }
}
